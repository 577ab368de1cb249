using System.Text.Json;
using System.Text.Json.Serialization;
using Anneal.Curves;
using Anneal.Metrics;
using Anneal.Search;

namespace Anneal.Runs;

/// <summary>The JSON form of the records in a run folder: kebab-case names, "NaN" and "Infinity" as strings.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunInformation))]
[JsonSerializable(typeof(Evaluation))]
[JsonSerializable(typeof(NotebookEntry))]
[JsonSerializable(typeof(StepFinding))]
[JsonSerializable(typeof(RangeTestAnalysis))]
public sealed partial class RunJson : JsonSerializerContext;
