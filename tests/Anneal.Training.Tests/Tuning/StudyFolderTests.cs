using Anneal.Search;
using Anneal.Testing;
using Anneal.Training.Tuning;

namespace Anneal.Training.Tests.Tuning;

/// <summary>A study's files: whose they are, and what a kill leaves of them.</summary>
public sealed class StudyFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public void OneProcessAtATimeWorksOnIt()
    {
        using StudyFolder first = StudyFolder.Open(folder.Path);
        Assert.StartsWith("One process at a time can work on a study.", Assert.Throws<IOException>(() => StudyFolder.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events.jsonl")]
    [InlineData("recipe.yaml")]
    [InlineData("thesis.tex")]
    public void LeavesWhatIsThereAlone(string file)
    {
        File.WriteAllText(folder.File(file), "mine");
        Assert.StartsWith("A study must have a folder of its own:", Assert.Throws<IOException>(() => StudyFolder.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(folder.File(file)));
    }

    [Fact]
    public void TakesAFolderThatIsEmptyOrAStudys()
    {
        string begun = Directory.CreateDirectory(folder.File("begun")).FullName;
        StudyFolder.Open(begun).Dispose();
        File.WriteAllText(Path.Combine(begun, "report.html"), "");
        StudyFolder.Open(begun).Dispose();
        // One that was killed before it wrote anything.
        string locked = Directory.CreateDirectory(folder.File("locked")).FullName;
        File.WriteAllText(Path.Combine(locked, ".study-lock"), "");
        StudyFolder.Open(locked).Dispose();
    }

    [Fact]
    public void NamesWhatAFolderHolds()
    {
        foreach (string name in new[] { "a", "b", "c", "d", "e" })
        {
            File.WriteAllText(folder.File(name), "");
        }
        Assert.EndsWith(
            "which holds a, b, c and 2 more; name another folder.",
            Assert.Throws<IOException>(() => StudyFolder.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NeverDeletesATrialInTheNotebook()
    {
        using StudyFolder study = StudyFolder.Open(folder.Path);
        File.WriteAllText(Path.Combine(study.TrialFolder(1), "events.jsonl"), "");
        study.Add(Entry(1));
        Assert.Throws<InvalidOperationException>(() => study.TrialFolder(1));
        Assert.True(File.Exists(folder.File("trials/0001/events.jsonl")));
    }

    // From nothing of the second line to all of it but its end.
    [Fact]
    public void GoesOnAfterAnyPartOfALine()
    {
        using (StudyFolder study = StudyFolder.Open(folder.Path))
        {
            study.Add(Entry(1));
            study.Add(Entry(2));
        }
        byte[] whole = File.ReadAllBytes(folder.File("notebook.jsonl"));
        int first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int length = first; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.File("notebook.jsonl"), whole[..length]);
            using (StudyFolder study = StudyFolder.Open(folder.Path))
            {
                Assert.Equal([1], study.Notebook.Select(entry => entry.Trial));
                study.Add(Entry(3));
            }
            using StudyFolder again = StudyFolder.Open(folder.Path);
            Assert.Equal([1, 3], again.Notebook.Select(entry => entry.Trial));
        }
    }

    public void Dispose() => folder.Dispose();

    static NotebookEntry Entry(int trial) => new()
    {
        Trial = trial, Step = 4, Hypothesis = "It trains.", Change = new Dictionary<string, string>(), Outcome = "completed",
        Epochs = 1, Seconds = 1, Diagnoses = [], Conclusion = "It did, with ≥ 90 %.", Folder = StudyFolder.Relative(trial),
    };
}
