using Anneal.Reports.Markup;

namespace Anneal.Reports.Sections;

/// <summary>One part of the page with its anchor and its line in the table of contents.</summary>
sealed record Section(string Anchor, string Title, Html Body)
{
    public Html ToHtml() => Html.Of($"""
        <section id="{Anchor}" aria-labelledby="{Anchor}-title">
        <h2 id="{Anchor}-title"><a href="#{Anchor}">{Title}</a></h2>
        {Body}
        </section>

        """);

    /// <summary>Says in words that something is not there, and why.</summary>
    public static Html Missing(string text) => Html.Of($"""<p class="missing">{text}</p>""");

    /// <summary>A paragraph that tells the reader what to look for.</summary>
    public static Html Lead(Html text) => Html.Of($"""<p class="lead">{text}</p>""");
}
