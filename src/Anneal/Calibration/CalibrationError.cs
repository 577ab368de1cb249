using Anneal.Metrics;

namespace Anneal.Calibration;

/// <summary>One number for the gaps between confidence and accuracy. All are 0 for a calibrated classifier; NaN for no examples.</summary>
public static class CalibrationError
{
    /// <summary>Mean gap over the examples, 0 to 1 (Guo et al. 2017, section 2, equation 3).</summary>
    /// <param name="bins">A reliability diagram, of equal width or equal mass.</param>
    public static double Expected(IReadOnlyList<ReliabilityBin> bins) => Weighted(bins, Math.Abs);

    /// <summary>Root of the mean squared gap over the examples, 0 to 1 (Kumar et al., "Verified Uncertainty Calibration", NeurIPS 2019, definition 2.1 with p = 2).</summary>
    /// <param name="bins">A reliability diagram, of equal width or equal mass.</param>
    public static double RootMeanSquare(IReadOnlyList<ReliabilityBin> bins) => Math.Sqrt(Weighted(bins, gap => gap * gap));

    /// <summary>Mean confidence less accuracy, −1 to 1: positive where the classifier is too sure of itself.</summary>
    /// <param name="bins">A reliability diagram, of equal width or equal mass.</param>
    public static double Overconfidence(IReadOnlyList<ReliabilityBin> bins) => Weighted(bins, gap => gap);

    /// <summary>The largest gap of a bin that is not empty, 0 to 1 (Guo et al. 2017, section 2, equation 5).</summary>
    /// <param name="bins">A reliability diagram, of equal width or equal mass.</param>
    public static double Maximum(IReadOnlyList<ReliabilityBin> bins) =>
        bins.Where(b => b.Count > 0).Select(b => Math.Abs(b.Confidence - b.Accuracy)).DefaultIfEmpty(double.NaN).Max();

    /// <summary>Expected error of every class's probability, not of the predicted class alone, averaged over the classes, 0 to 1.</summary>
    /// <param name="logits">Scores before softmax row by row, shape [examples, classes].</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example.</param>
    /// <param name="temperature">Positive; divides the logits.</param>
    /// <param name="bins">Bins of equal width.</param>
    /// <remarks>Nixon et al., "Measuring Calibration in Deep Learning", CVPR workshops 2019, section 3 (static calibration error).</remarks>
    public static double ClassWise(ReadOnlySpan<float> logits, int classes, ReadOnlySpan<long> labels, double temperature = 1, int bins = 15)
    {
        LabelledScores table = new(logits, classes, labels);
        double[] probabilities = Probabilities.Softmax(logits, classes, temperature);
        double[] ofClass = new double[table.Examples];
        bool[] isClass = new bool[table.Examples];
        double sum = 0;
        for (int c = 0; c < classes; c++)
        {
            for (int i = 0; i < table.Examples; i++)
            {
                ofClass[i] = probabilities[i * classes + c];
                isClass[i] = table.Label(i) == c;
            }
            sum += Expected(ReliabilityDiagram.EqualWidth(ofClass, isClass, bins));
        }
        return sum / classes;
    }

    static double Weighted(IReadOnlyList<ReliabilityBin> bins, Func<double, double> measure) =>
        bins.Sum(b => b.Count * measure(b.Confidence - b.Accuracy)) / bins.Sum(b => b.Count);
}
