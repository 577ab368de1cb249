namespace Anneal.Training.Modules;

/// <summary>A module that adds a branch to its input.</summary>
public interface IResidualBranch
{
    /// <summary>The branch's last normalization, whose γ zero-γ initialization sets to 0; null where the branch has none.</summary>
    BatchNorm2d? LastNormalization { get; }
}
