// Prints schedules as CSV, one column each: schedules are pure functions of the step and need no libtorch.
//
//   dotnet run --project samples/PlotSchedule -- 10ep "one-cycle(max=0.4)" "linear(from=0, to=0.1) for 2ep then cosine(from=0.1, to=0)"

using System.Globalization;
using Anneal.Durations;
using Anneal.Schedules;

const int StepsPerEpoch = 100;
const int BatchSize = 128;

if (args.Length < 2)
{
    Console.Error.WriteLine("Give the length of the run and at least one schedule, such as: 10ep \"one-cycle(max=0.4)\"");
    return 2;
}

try
{
    long steps = Duration.Parse(args[0]).ToSteps(new RunLength(1, StepsPerEpoch, BatchSize));
    RunLength run = new(steps, StepsPerEpoch, BatchSize);
    Schedule[] schedules = [.. args[1..].Select(text => ScheduleText.Parse(text).Resolve(run))];

    Console.WriteLine(string.Join(',', args[1..].Select(text => $"\"{ScheduleText.Parse(text)}\"").Prepend("step")));
    for (long step = 0; step < run.Steps; step++)
    {
        IEnumerable<string> values = schedules.Select(schedule => schedule.At(step).ToString("R", CultureInfo.InvariantCulture));
        Console.WriteLine(string.Join(',', values.Prepend(step.ToString(CultureInfo.InvariantCulture))));
    }
    return 0;
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
