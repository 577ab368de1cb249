namespace Anneal.Bench;

/// <summary>Every bench, in the order in which they are listed.</summary>
static class All
{
    public static Bench[] Benches =>
    [
        ResNet9Step.Bench,
        ResNet9Tuned.Bench,
        ConvNetStep.Bench,
        MlpStep.Bench,
        SgdStep.Bench,
        CppLoop.Bench,
        new Processes(),
        Pipeline.Bench,
        new ScheduleStep(),
        new RangeTestQuality(),
        new FashionFast(),
        TuneAccuracy.Bench,
        new TuneSmall(),
        new StatisticsDip(),
        TrainAccuracy.Bench,
        new Memory(),
        new Resume(),
        new Startup(),
    ];
}
