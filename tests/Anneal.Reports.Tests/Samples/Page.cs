using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Anneal.Reports.Tests.Samples;

/// <summary>A rendered report read by a strict XML parser that shares nothing with the code that wrote it.</summary>
sealed partial class Page
{
    public Page(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", html);
        // Scripts and styles hold raw text in HTML but not in XML.
        string markup = RawText().Replace(html["<!DOCTYPE html>\n".Length..], match =>
        {
            RawTexts.Add(match.Groups["text"].Value);
            return $"<{match.Groups["name"].Value}{match.Groups["attributes"].Value}></{match.Groups["name"].Value}>";
        });
        Root = XDocument.Parse(markup, LoadOptions.PreserveWhitespace).Root!;
    }

    public XElement Root { get; }

    /// <summary>The contents of all style and script elements, in order.</summary>
    public List<string> RawTexts { get; } = [];

    public IEnumerable<XElement> All(string name) => Root.Descendants(name);

    public IEnumerable<XAttribute> Attributes => Root.DescendantsAndSelf().Attributes();

    public XElement Section(string anchor) => Root.Descendants().Single(element => (string?)element.Attribute("id") == anchor);

    /// <summary>What a reader reads, a block a line: headings, paragraphs, captions, rows with their cells parted by bars.</summary>
    public string Text
    {
        get
        {
            StringBuilder text = new();
            foreach (XElement element in Root.Element("body")!.Descendants())
            {
                switch (element.Name.LocalName)
                {
                    case "h1" or "h2" or "h3":
                        text.Append('\n').Append(new string('#', element.Name.LocalName[1] - '0')).Append(' ').Append(Flat(element.Value)).Append('\n');
                        break;
                    case "p" or "figcaption" or "pre" or "summary":
                        text.Append(Flat(element.Value)).Append('\n');
                        break;
                    case "tr":
                        text.AppendJoin(" | ", element.Elements().Select(cell => Flat(cell.Value))).Append('\n');
                        break;
                    case "dt":
                        text.Append(Flat(element.Value)).Append(": ").Append(Flat(element.ElementsAfterSelf("dd").First().Value)).Append('\n');
                        break;
                    case "div" when (string?)element.Attribute("class") == "plot":
                        text.Append("[chart] ").Append(Flat((string)element.Attribute("aria-label")!)).Append('\n');
                        break;
                    case "svg" when (string?)element.Attribute("role") == "img":
                        text.Append("[drawing] ").Append(Flat((string)element.Attribute("aria-label")!)).Append('\n');
                        break;
                }
            }

            return text.ToString();
        }
    }

    static string Flat(string text) => Blanks().Replace(text, " ").Trim();

    [GeneratedRegex("<(?<name>script|style)(?<attributes>[^>]*)>(?<text>.*?)</\\k<name>>", RegexOptions.Singleline)]
    private static partial Regex RawText();

    [GeneratedRegex("[ \n\t\u202F]+")]
    private static partial Regex Blanks();
}
