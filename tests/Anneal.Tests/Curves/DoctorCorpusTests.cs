using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Anneal.Curves;

namespace Anneal.Tests.Curves;

/// <summary>
/// The doctor on real runs of small networks, trained in known ways: seeds 0 to 3 are those that its thresholds were chosen
/// on, seeds 4 to 6 are held out. <c>corpus/make.py</c> trained them.
/// </summary>
public class DoctorCorpusTests
{
    const int FirstHeldOut = 4;

    // What is right to name first; where the rate is wrong, several signs lower it. Names after a plus may come in any place.
    static readonly Dictionary<string, string[]> Right = new()
    {
        ["rate-too-low"] = ["still-rising"],
        ["rate-too-high"] = ["plateau", "diverging", "flat-start", "noisy"],
        ["rate-far-too-high"] = ["diverging"],
        ["diverged"] = ["diverging"],
        ["overfit"] = ["overfit"],
        ["underfit"] = ["underfit"],
        ["augmented-too-small"] = ["underfit", "undertrained"],
        ["plateau"] = ["plateau", "noisy"],
        ["decayed-too-early"] = ["decayed-too-early"],
        ["still-rising-constant"] = ["still-rising"],
        ["short-one-cycle"] = ["undertrained"],
        ["short-cosine"] = ["undertrained"],
        ["too-short"] = ["too-short"],
        ["noisy"] = ["noisy", "plateau", "diverging", "flat-start"],
        ["flat-then-drop"] = ["+flat-start"],
        ["labels-shuffled"] = ["no-generalization"],
        ["validation-dip"] = ["+validation-dip"],
    };

    static readonly IReadOnlyList<LabelledRun> Runs = Read();

    [Fact]
    public void NamesWhatIsWrongOnSeedsThatItWasNotTunedOn()
    {
        LabelledRun[] bad = [.. Runs.Where(run => run.Seed >= FirstHeldOut && !IsGood(run))];
        Assert.True(bad.Length > 100);
        Assert.InRange(bad.Count(IsRight) / (double)bad.Length, 0.9, 1);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 6)]
    public void ProposesNoChangeToFewerThanOneHealthyRunInTwenty(int first, int last)
    {
        LabelledRun[] good = [.. Runs.Where(run => run.Seed >= first && run.Seed <= last && IsGood(run))];
        Assert.True(good.Length > 40);
        Assert.InRange(good.Count(run => !IsRight(run)) / (double)good.Length, 0, 0.05);
    }

    [Fact]
    public void SeesWhatItSawWhenItsTableWasMade()
    {
        string expected = File.ReadAllText(Path.Combine(Folder(), "confusion.txt"));
        Assert.Equal(expected, Table());
    }

    // A rerun of the whole table: what was named first in each condition, tuned on and held out.
    static string Table()
    {
        StringBuilder table = new();
        foreach (bool held in new[] { false, true })
        {
            table.Append(held ? "\nheld out: seeds 4 to 6\n" : "tuned on: seeds 0 to 3\n");
            IReadOnlyList<LabelledRun> runs = [.. Runs.Where(run => run.Seed >= FirstHeldOut == held)];
            foreach (IGrouping<string, LabelledRun> condition in runs.GroupBy(run => run.Condition).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                string seen = string.Join(", ", condition.CountBy(run => Names(run)[0]).OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal)
                    .Select(name => $"{name.Key} {name.Value}"));
                table.Append(CultureInfo.InvariantCulture, $"{condition.Key,-22} {condition.Count(IsRight),2} of {condition.Count(),2} right: {seen}\n");
            }
            table.Append(CultureInfo.InvariantCulture, $"{"all",-22} {runs.Count(IsRight),3} of {runs.Count}\n");
        }
        return table.ToString();
    }

    static bool IsGood(LabelledRun run) => run.Condition.StartsWith("good", StringComparison.Ordinal);

    static bool IsRight(LabelledRun run)
    {
        string[] names = Names(run);
        if (IsGood(run))
        {
            // A dip that is over is a fact of some runs with batch normalization, and no change is proposed for it.
            return Doctor.Examine(run.Curves).All(found => found.ProposedChange is null && found.Name is "healthy" or "validation-dip");
        }
        return Right[run.Condition].Any(name => name.StartsWith('+') ? names.Contains(name[1..]) : names[0] == name);
    }

    static string[] Names(LabelledRun run) => [.. Doctor.Examine(run.Curves).Select(found => found.Name)];

    static IReadOnlyList<LabelledRun> Read()
    {
        using FileStream file = File.OpenRead(Path.Combine(Folder(), "curves.jsonl.gz"));
        using StreamReader reader = new(new GZipStream(file, CompressionMode.Decompress));
        return CurveCorpus.Read(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    static string Folder([CallerFilePath] string test = "") => Path.Combine(Path.GetDirectoryName(test)!, "corpus");
}
