namespace ImageKit.Registry.Tests.Mirrors;

internal sealed class SlowWatchTests
{
    [TestCase(100, false)]
    [TestCase(99, true)]
    public void OnlyTheTimeOfWaitingCounts(int bytesASecond, bool slow)
    {
        HandClock time = new();
        SlowWatch watch = new(time, leastBytesPerSecond: 100);
        for (int second = 0; second < 10; second++)
        {
            Assert.That(watch.IsTooSlow(), Is.False, "the window is not over");
            watch.Asking();
            time.Advance(TimeSpan.FromSeconds(1));
            watch.Got(bytesASecond);
            time.Advance(TimeSpan.FromMinutes(1)); // somebody uses the bytes
        }
        Assert.That(watch.IsTooSlow(), Is.EqualTo(slow));
        Assert.That(watch.IsTooSlow(), Is.False, "a new window");
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
