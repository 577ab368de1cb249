using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Recipes;

namespace Anneal.Cli.Tests;

public sealed class FailureTests
{
    public static TheoryData<int, Exception> Exceptions => new()
    {
        { 2, new UsageException("x") },
        { 2, new RecipeException("x") },
        { 2, Assert.ThrowsAny<FormatException>(() => Schedules.ScheduleText.Parse("x(")) },
        { 3, new InvalidFileException("file", "x") },
        { 3, new DirectoryNotFoundException("x") },
        { 3, new FileNotFoundException("x") },
        { 5, new TorchException("x") { IsOutOfMemory = true } },
        { 1, new TorchException("x") },
        { 1, new IOException("x") },
        { 1, new InvalidOperationException("x") },
        { 3, new TypeInitializationException("T", new FileNotFoundException("x")) },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void HasAnExitCodeAndTheExceptionsWords(int code, Exception exception)
    {
        Failure failure = Failure.Of(exception);
        Assert.Equal(code, failure.Code);
        Assert.Contains("x", failure.Message);
    }
}
