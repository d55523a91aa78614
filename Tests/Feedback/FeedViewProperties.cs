using AspireFeedback.Web.Feedback;
using FsCheck;
using FsCheck.Fluent;

namespace AspireFeedback.Tests.Feedback;

/// <summary>Whatever happens to announcements on the way, a connection sees each request as a gap-free sequence, and all of it in the end.</summary>
public sealed class FeedViewProperties
{
    private const int Requests = 3;

    /// <summary>One move of a random history; the numbers choose a request, or which announcement.</summary>
    private sealed record Move(string What, int Pick);

    private static readonly Gen<Move> Moves = Gen.Elements("commit", "commit2", "lose", "arrive", "arrive", "arrive", "again", "told", "step", "step", "time", "slowfill", "outage", "end")
        .SelectMany(what => Gen.Choose(0, 1_000), (what, pick) => new Move(what, pick));

    [Fact]
    public void Every_view_is_gap_free_in_order_and_complete_once_the_log_is_compared() =>
        Prop.ForAll(Gen.ListOf(Moves, 120).ToArbitrary(), moves => new History(capacity: 3).Run(moves)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void The_same_holds_when_nothing_has_to_be_forgotten() =>
        Prop.ForAll(Gen.ListOf(Moves, 120).ToArbitrary(), moves => new History(capacity: 1_000).Run(moves)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private sealed class History
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

        private readonly MemoryLog log = new();
        private readonly Guid owner = Guid.NewGuid();
        private readonly Guid[] ids = [.. Enumerable.Range(0, Requests).Select(_ => Guid.NewGuid())];
        private readonly HashSet<Guid> accepted = [];
        private readonly List<Change> underWay = [];
        private readonly List<Change> arrived = [];
        private readonly Dictionary<Guid, int> seen = [];
        private readonly FeedView view;
        private (Change Change, Guid Id)[] fill = [];
        private TimeSpan now;

        public History(int capacity) => view = new(Patience, capacity) { Since = DateTimeOffset.MinValue };

        public void Run(IEnumerable<Move> moves)
        {
            foreach (var move in moves)
                Do(move);
            Settle();
        }

        private void Do(Move move)
        {
            var id = ids[move.Pick % Requests];
            switch (move.What)
            {
                case "commit" or "commit2" when accepted.Add(id):
                    underWay.Add(Change.Of(log.Accept(owner, id)));
                    break;
                case "commit" when !log.Read(id).Done:
                    underWay.Add(Change.Of(log.Progress(id, 1)));
                    break;
                case "commit2" when !log.Read(id).Done:
                    underWay.Add(Change.Of(log.Append(id, Progress(), Progress())));
                    break;
                case "end" when move.Pick % 5 == 0 && accepted.Contains(id) && !log.Read(id).Done:
                    underWay.Add(Change.Of(log.Succeed(id)));
                    break;
                case "lose" when underWay.Count > 0:
                    underWay.RemoveAt(move.Pick % underWay.Count);
                    break;
                case "arrive" when underWay.Count > 0:
                    var next = underWay[move.Pick % underWay.Count];
                    underWay.Remove(next);
                    arrived.Add(next);
                    view.Offer(next, now);
                    break;
                case "again" when arrived.Count > 0:
                    view.Offer(arrived[move.Pick % arrived.Count], now);
                    break;
                case "told" when accepted.Contains(id):
                    view.Offer(Change.Told(log.Read(id)), now);
                    break;
                case "time":
                    now += TimeSpan.FromMilliseconds(move.Pick % 60);
                    break;
                case "step" or "slowfill" or "outage":
                    Step(move.What);
                    break;
            }
        }

        private bool Step(string how)
        {
            if (fill.Length > 0 && how == "slowfill")
                return true; // what was read waits to be sent, while more arrives
            TakeFill();
            switch (view.Next(now))
            {
                case FeedStep.Send send:
                    Show(send.Change);
                    return true;
                case FeedStep.Fill gaps when how == "outage":
                    view.NotFilled(gaps.Gaps);
                    return true;
                case FeedStep.Fill gaps:
                    fill = [.. gaps.Gaps.Select(gap => (Change.Of(log.Read(gap.Id), gap.After, log.EventsAbove(gap.Id, gap.After)), gap.Id))];
                    if (how == "step")
                        TakeFill();
                    return true;
                case FeedStep.Wait wait:
                    wait.Until.ShouldBeGreaterThan(now);
                    return false;
                default:
                    return false;
            }
        }

        private void TakeFill()
        {
            foreach (var (change, id) in fill)
            {
                Show(change);
                view.Filled(id, change.Version, change.Done, more: false, now);
            }
            fill = [];
        }

        private void Show(Change change)
        {
            if (!change.HasEvents)
                return;
            var last = seen.GetValueOrDefault(change.Id);
            change.From.ShouldBe(last);
            change.Events.Select(e => e.Version).ShouldBe(Enumerable.Range(last + 1, change.Version - last));
            seen[change.Id] = change.Version;
        }

        private void Settle()
        {
            foreach (var id in accepted)
                view.Offer(Change.Told(log.Read(id)), now);
            for (var i = 0; i < 1_000; i++)
            {
                if (!Step("step") && fill.Length == 0)
                    now += Patience;
            }
            foreach (var id in accepted)
                seen.GetValueOrDefault(id).ShouldBe(log.Read(id).Version);
        }

        private static Web.Log.ProgressReported Progress() => new(1, Guid.Empty, 1, 1, null);
    }
}
