namespace AspireFeedback.Web.Log.Postgres;

/// <summary>PostgreSQL's time, estimated from the last answer that told it. Only for defaults; decisions take the time of the reading they rest on.</summary>
internal sealed class DatabaseClock(TimeProvider time)
{
    private long _offsetTicks;

    public DateTimeOffset Now => time.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    public void Observe(DateTimeOffset databaseNow) => Interlocked.Exchange(ref _offsetTicks, (databaseNow - time.GetUtcNow()).Ticks);
}
