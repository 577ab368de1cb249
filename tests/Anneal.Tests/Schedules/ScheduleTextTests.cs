using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class ScheduleTextTests
{
    static readonly RunLength Run = new(Steps: 1000, StepsPerEpoch: 100, BatchSize: 64);

    [Theory]
    [InlineData("constant(0.1)", "constant(0.1)")]
    [InlineData("constant( value = 1e-1 )", "constant(0.1)")]
    [InlineData("0.1", "constant(0.1)")]
    [InlineData(" -1e-7 ", "constant(-1e-7)")]
    [InlineData("linear(to=0.4,from=0)for 500 then\tcosine(0.4,0)", "linear(from=0, to=0.4) for 500st then cosine(from=0.4, to=0)")]
    [InlineData("cosine(from=1, to=-0, k=1)", "cosine(from=1, to=0)")]
    [InlineData("cosine(from=1,\n  to=0, k=2.50) for 0.30run", "cosine(from=1, to=0, k=2.5) for 0.3run")]
    [InlineData("one-cycle(max=0.4, up=0.3, shape=cosine, phases=2)", "one-cycle(max=0.4)")]
    [InlineData("one-cycle(shape=linear, phases=3, end-divisor=1e4, max=0.4)", "one-cycle(max=0.4, end-divisor=10000, shape=linear, phases=3)")]
    [InlineData("one-cycle-momentum()", "one-cycle-momentum()")]
    public void PrintsTheCanonicalForm(string text, string canonical)
    {
        ScheduleText schedule = ScheduleText.Parse(text);

        Assert.Equal(canonical, schedule.ToString());
        Assert.Equal(schedule, ScheduleText.Parse(canonical));
        Assert.Equal(schedule.GetHashCode(), ScheduleText.Parse(canonical).GetHashCode());
    }

    [Theory]
    [InlineData("", 0, "A schedule begins with a name")]
    [InlineData("linear(from=0, to=1) for 5 then ", 32, "A schedule begins with a name")]
    [InlineData("cosin(from=1, to=0)", 0, "No schedule named 'cosin'. Did you mean 'cosine'? Known: constant, linear,")]
    [InlineData("0.1 0.2", 0, "No schedule named '0.1'.")]
    [InlineData("cosine", 6, "After 'cosine' comes '('. Received: 'the end'.")]
    [InlineData("cosine from=1", 7, "After 'cosine' comes '('. Received: 'from'.")]
    [InlineData("cosine(form=1, to=0)", 7, "'cosine' has no parameter 'form'. Did you mean 'from'? Known: from, to, k.")]
    [InlineData("cosine(from=1)", 13, "'cosine' needs 'to'. Its parameters: from, to, k=1.")]
    [InlineData("cosine(from=1, to=0, from=2)", 21, "'from' is given twice.")]
    [InlineData("cosine(1, from=2, to=0)", 10, "'from' is given twice.")]
    [InlineData("cosine(from=1, 0)", 15, "A value without a name comes before the named ones.")]
    [InlineData("cosine(1, 2, 3, 4)", 16, "'cosine' has 3 parameters: from, to, k=1. Received: more.")]
    [InlineData("cosine(1, 2,)", 12, "After ',' comes another value.")]
    [InlineData("cosine(1 2)", 9, "After a value comes ',' or ')'. Received: '2'.")]
    [InlineData("cosine(1, 2", 11, "After a value comes ',' or ')'. Received: 'the end'.")]
    [InlineData("cosine(", 7, "'from' must be a number. Received: 'the end'.")]
    [InlineData("cosine(from=x, to=0)", 12, "'from' must be a number. Received: 'x'.")]
    [InlineData("cosine(from=30ep, to=0)", 12, "'from' must be a number. Received: '30ep'.")]
    [InlineData("cosine(from=1e999, to=0)", 12, "'from' must be a number.")]
    [InlineData("cosine(from=, to=0)", 12, "'from' must be a number. Received: ','.")]
    [InlineData("one-cycle(max=1, shape=cosin)", 23, "'shape' cannot be 'cosin'. Did you mean 'cosine'? Known: cosine, linear.")]
    [InlineData("cosine(from=1, to=0) for", 24, "After 'for' comes a duration, such as 30ep")]
    [InlineData("cosine(from=1, to=0) for 30epochs", 25, "'epochs' is not a unit of duration. Known: st, ep, run, samples.")]
    [InlineData("cosine(from=1, to=0) for -3ep", 25, "A duration must be at least 0.")]
    [InlineData("cosine(from=1, to=0) form 3ep", 21, "After a piece comes 'for', 'then' or the end. Received: 'form'.")]
    [InlineData("cosine(from=1, to=0) for 3ep for 4ep", 29, "After a piece comes 'then' or the end. Received: 'for'.")]
    [InlineData("cosine(from=1, to=0) then 0.1", 21, "Only the last piece may leave out its duration")]
    public void PointsAtTheCharacterThatIsWrong(string text, int position, string problem)
    {
        ScheduleFormatException error = Assert.Throws<ScheduleFormatException>(() => ScheduleText.Parse(text));

        Assert.Equal(position, error.Position);
        Assert.StartsWith(problem, error.Problem);
        Assert.False(ScheduleText.TryParse(text, out _));
    }

    [Fact]
    public void DrawsACaretUnderTheCharacter()
    {
        ScheduleFormatException error = Assert.Throws<ScheduleFormatException>(() => ScheduleText.Parse("linear(from=0, to=1) for 5ep\n\tthen cosin(1, 0)"));

        Assert.Equal(
            """
            No schedule named 'cosin'. Did you mean 'cosine'? 
              linear(from=0, to=1) for 5ep  then cosin(1, 0)
                                                 ^
            """.ReplaceLineEndings("\n"),
            string.Concat(error.Message[..error.Message.IndexOf("Known", StringComparison.Ordinal)], error.Message[error.Message.IndexOf('\n')..]));
    }

    [Theory]
    [InlineData("cosine(from=1, to=0, k=-1)", 23, "In 'cosine': k must be above 0. Received: k=-1.")]
    [InlineData("one-cycle(max=0)", 14, "In 'one-cycle': max must be above 0. Received: max=0.")]
    [InlineData("one-cycle(max=1, up=1)", 20, "In 'one-cycle': up must be above 0 and below 1. Received: up=1.")]
    [InlineData("one-cycle(max=1, phases=2.5)", 24, "In 'one-cycle': phases must be a whole number. Received: phases=2.5.")]
    [InlineData("one-cycle(max=1, phases=4)", 24, "In 'one-cycle': phases must be 2 or 3. Received: phases=4.")]
    [InlineData("linear(from=0, to=1) for 10ep then cosine(from=1, to=0)", 35, "The pieces before 'cosine' must leave it at least 1 step. Received: 1000 steps before it in a run of 1000.")]
    [InlineData("linear(from=0, to=1) for 1e15ep then constant(1)", 0, "In 'linear': A duration must be at most 2^53 steps.")]
    public void RejectsValuesThatDoNotFitTheRun(string text, int position, string problem)
    {
        ScheduleText schedule = ScheduleText.Parse(text);

        ScheduleFormatException error = Assert.Throws<ScheduleFormatException>(() => schedule.Resolve(Run));

        Assert.Equal(position, error.Position);
        Assert.StartsWith(problem, error.Problem);
    }

    [Fact]
    public void ResolvesEachPieceToItsStepsInTheRun()
    {
        ScheduleText text = "linear(from=0, to=0.4) for 2ep then constant(0.4) for 0.1run then cosine(from=0.4, to=0.01) for 12800samples";

        Assert.Equal(
            new LinearRamp(0, 0.4, 200).Then(new Constant(0.4).For(100)).Then(new Cosine(0.4, 0.01, 200)),
            text.Resolve(Run));
    }

    [Fact]
    public void GivesTheLastPieceTheRestOfTheRun()
    {
        Assert.Equal(new Cosine(0.4, 0, 1000), ScheduleText.Parse("cosine(from=0.4, to=0)").Resolve(Run));
        Assert.Equal(
            new LinearRamp(0, 0.4, 50).Then(new OneCycle(0.4, 950)),
            ScheduleText.Parse("linear(from=0, to=0.4) for 50 then one-cycle(max=0.4)").Resolve(Run));
    }

    [Fact]
    public void LeavesOutAPieceThatRoundsToNoSteps()
    {
        Schedule schedule = ScheduleText.Parse("linear(from=0, to=0.4) for 0.0004run then cosine(from=0.4, to=0)").Resolve(Run);

        Assert.Equal(new Cosine(0.4, 0, 1000), schedule);
    }

    [Fact]
    public void TakesANumberForAConstant()
    {
        ScheduleText number = 0.1;

        Assert.Equal("constant(0.1)", number);
        Assert.Equal(new Constant(0.1), number.Resolve(Run));
        Assert.Throws<ScheduleValueException>(() => { ScheduleText notANumber = double.NaN; });
    }

    [Fact]
    public void ShowsItsPiecesToOtherCode()
    {
        IReadOnlyList<SchedulePiece> pieces = ScheduleText.Parse("linear(from=0, to=0.4) for 2ep then one-cycle(max=0.4, up=0.3, shape=linear)").Pieces;

        Assert.Equal(["linear", "one-cycle"], pieces.Select(piece => piece.Name));
        Assert.Equal([Duration.Epochs(2), null], pieces.Select(piece => piece.Length));
        Assert.Equal([new ScheduleArgument("max", "0.4"), new ScheduleArgument("shape", "linear")], pieces[1].Arguments);
    }

    [Fact]
    public void ReadsPiecesOfTheUsersOwn()
    {
        ScheduleForm form = new(
            "sawtooth",
            [ScheduleParameter.Number("height", 1), ScheduleParameter.Duration("tooth")],
            given => new LinearRamp(0, given.Number("height"), given.Steps("tooth")));

        ScheduleText text = ScheduleText.Parse("sawtooth(tooth=2ep) for 3ep then constant(1)", [.. ScheduleText.Forms, form]);

        Assert.Equal("sawtooth(tooth=2ep) for 3ep then constant(1)", text.ToString());
        Assert.Equal(0.5, text.Resolve(Run).At(100));
    }
}
