using Anneal.Cli.Sessions;
using Anneal.Events;

namespace Anneal.Cli.Tests.Sessions;

public sealed class ObserverSetTests
{
    readonly List<string> notices = [];
    readonly RunResumed happened = new() { Step = 1, Seconds = 2, File = "step-00000001.safetensors" };

    [Fact]
    public void GoesOnWithoutAnObserverThatFailsAndSaysSoOnce()
    {
        Watching sound = new();
        using (ObserverSet set = new([new Failing(), sound], notices.Add))
        {
            set.See(happened);
            set.See(happened);
        }
        Assert.Equal(2, sound.Seen);
        Assert.True(sound.Disposed);
        Assert.Contains("no room", Assert.Single(notices));
    }

    sealed class Watching : IRunObserver
    {
        public int Seen { get; private set; }

        public bool Disposed { get; private set; }

        public void See(TrainingEvent happened) => Seen++;

        public void Dispose() => Disposed = true;
    }

    sealed class Failing : IRunObserver
    {
        public void See(TrainingEvent happened) => throw new IOException("There is no room.");

        public void Dispose() => throw new IOException("There is no room here either.");
    }
}
