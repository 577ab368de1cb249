namespace Anneal.Curves;

// How far a measurement on so many examples is off by the luck of which examples they are: one standard deviation.
static class SamplingError
{
    // A difference of two standard deviations is chance once in twenty times.
    public const double Sure = 2;

    // ... and a change between two measurements, each with its error, is uncertain by √2 of it.
    public static readonly double SureOfChange = Sure * Math.Sqrt(2);

    // Of a share of right ones, binomial. Two right and two wrong ones are added (Agresti and Coull 1998): none wrong
    // of a hundred does not mean that none ever will be.
    public static double OfAccuracy(double accuracy, long examples)
    {
        double share = (accuracy * examples + 2) / (examples + 4);
        return Math.Sqrt(share * (1 - share) / (examples + 4));
    }

    // Of a mean cross-entropy, as a share of it. Nearly all of it comes from the examples predicted wrong, so it is about
    // as sure as their number: 1/√errors.
    public static double ShareOfLoss(double accuracy, long examples) => 1 / Math.Sqrt((1 - accuracy) * examples + 1);
}
