namespace Anneal.Training.Speed;

/// <summary>Times updates.</summary>
interface IUpdateTimer
{
    /// <summary>Makes one update and says how many seconds it took. The first one of some settings may take longer than all later ones.</summary>
    double Time(ExecutionSettings settings);
}
