using Anneal.Training.Modules;

namespace Anneal.Training.Models;

/// <summary>What a model is made from, as a recipe names it; <see cref="Build"/> makes the module.</summary>
public abstract record Model
{
    /// <summary>Builds the module with weights that are yet to be initialized.</summary>
    /// <param name="input">Size of one example.</param>
    /// <param name="classes">Classes to tell apart: the width of the output.</param>
    /// <exception cref="ArgumentException">The model cannot take examples of this size.</exception>
    public abstract Module Build(ImageShape input, int classes);
}
