using Anneal.Cli.Machines;
using Anneal.Testing;

namespace Anneal.Cli.Tests.Machines;

public sealed class GitCommitTests : IDisposable
{
    const string Commit = "4f0c6f2b1a3d4e5f60718293a4b5c6d7e8f90123";

    readonly TemporaryFolder folder = new();

    [Fact]
    public void IsNullOutsideARepository() => Assert.Null(GitCommit.Of(folder.Path));

    [Fact]
    public void FollowsABranchFromAFolderInside()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/refs/heads/main", Commit + "\n");
        Write("src/deep/file", "");
        Assert.Equal(Commit, GitCommit.Of(folder.File("src/deep")));
    }

    [Fact]
    public void FindsAPackedBranch()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/packed-refs", $"# pack-refs with: peeled\n{Commit} refs/heads/main\n");
        Assert.Equal(Commit, GitCommit.Of(folder.Path));
    }

    [Fact]
    public void ReadsADetachedHead()
    {
        Write(".git/HEAD", Commit + "\n");
        Assert.Equal(Commit, GitCommit.Of(folder.Path));
    }

    [Fact]
    public void FindsTheRepositoryOfALinkedWorkingTree()
    {
        Write("main/.git/refs/heads/topic", Commit + "\n");
        Write("main/.git/worktrees/linked/HEAD", "ref: refs/heads/topic\n");
        Write("main/.git/worktrees/linked/commondir", "../..\n");
        Write("linked/.git", "gitdir: ../main/.git/worktrees/linked\n");
        Assert.Equal(Commit, GitCommit.Of(folder.File("linked")));
    }

    [Fact]
    public void IsNullWhereABranchHasNoCommitYet()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Assert.Null(GitCommit.Of(folder.Path));
    }

    [Fact]
    public void EndsWhereNamesLeadInACircle()
    {
        Write(".git/HEAD", "ref: HEAD\n");
        Assert.Null(GitCommit.Of(folder.Path));
    }

    public void Dispose() => folder.Dispose();

    void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), text);
    }
}
