namespace Anneal.Training.Recipes;

/// <summary>Which statistics BatchNorm evaluates with.</summary>
/// <remarks>
/// Averaged weights need statistics of their own: Izmailov et al., "Averaging weights leads to wider optima and better
/// generalization", UAI 2018, section 3.2. Raw weights do where a high rate moves them faster than the running statistics follow.
/// </remarks>
public enum NormalizationStatistics
{
    /// <summary>The running ones where they fit the weights; else ones measured on training examples, before the model is measured or saved.</summary>
    Auto,

    /// <summary>The running ones, whether they fit or not, as in PyTorch.</summary>
    Running,
}
