using Anneal.Calibration;
using Anneal.Metrics;
using Anneal.Reports.Sections;
using Anneal.Reports.Tests.Samples;

namespace Anneal.Reports.Tests.Sections;

public sealed class CalibrationSectionTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SaysWhyATemperatureIsNotUsed()
    {
        RunFolder sample = RunFolder.Read(SampleStudy.WriteTo(Path.Combine(folder.Path, "sample")));
        Evaluation evaluation = sample.Evaluation! with
        {
            Temperature = 1,
            Fit = new TemperatureFit
            {
                Examples = 141, Likeliest = 0.15, Shrunk = 0.6, Kept = false, Reason = "all 141 examples are right", CrossValidatedBefore = 0.03,
            },
        };
        string text = CalibrationSection.Make(sample with { Evaluation = evaluation }).Body.ToString();

        Assert.Contains("The fitted temperature, 0.15, is not used: all 141 examples are right.", text);
    }
}
