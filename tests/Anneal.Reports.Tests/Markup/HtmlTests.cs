using System.Xml.Linq;
using Anneal.Reports.Markup;

namespace Anneal.Reports.Tests.Markup;

public sealed class HtmlTests
{
    [Fact]
    public void EscapesWhatEndsATextOrAnAttribute() =>
        Assert.Equal("&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp;amp;", Html.Escape("<a b=\"c\" d='e'> &amp;"));

    [Fact]
    public void KeepsMarkupAndEscapesText()
    {
        Html inner = Html.Of($"<b>{"<i>"}</b>");
        Assert.Equal("<p title=\"&quot;\"><b>&lt;i&gt;</b>12</p>", Html.Of($"<p title=\"{"\""}\">{inner}{12}</p>").ToString());
    }

    [Fact]
    public void EveryCharacterBecomesOneThatXmlAllows()
    {
        string all = string.Concat(Enumerable.Range(0, 0x10000).Select(code => (char)code));
        string read = XDocument.Parse($"<p>{Html.Escape(all)}</p>").Root!.Value;

        Assert.Equal(all.Length - 1, read.Length);
        Assert.Equal('\uFFFD', read['\0']);
        Assert.DoesNotContain('\u202E', read);
    }

    [Fact]
    public void KeepsCharactersBeyondTheFirstPlane() => Assert.Equal("🙂", Html.Escape("🙂"));
}
