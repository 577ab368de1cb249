namespace Anneal.Training.Recipes;

/// <summary>A recipe cannot be followed. The message says where and why, and what to write instead.</summary>
public sealed class RecipeException : Exception
{
    /// <summary>An error without a message.</summary>
    public RecipeException()
    {
    }

    /// <summary>An error with its message.</summary>
    public RecipeException(string message) : base(message)
    {
    }

    /// <summary>An error with its message and its cause.</summary>
    public RecipeException(string message, Exception inner) : base(message, inner)
    {
    }
}
