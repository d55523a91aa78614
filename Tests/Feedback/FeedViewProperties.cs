using AspireFeedback.Web.Feedback;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

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

        private readonly MemoryLog _log = new();
        private readonly Guid _owner = Guid.NewGuid();
        private readonly Guid[] _ids = [.. Enumerable.Range(0, Requests).Select(_ => Guid.NewGuid())];
        private readonly HashSet<Guid> _accepted = [];
        private readonly List<Change> _underWay = [];
        private readonly List<Change> _arrived = [];
        private readonly Dictionary<Guid, int> _seen = [];
        private readonly FeedView _view;
        private (Change Change, Guid Id)[] _fill = [];
        private TimeSpan _now;

        public History(int capacity) => _view = new(Patience, capacity) { Since = DateTimeOffset.MinValue };

        public void Run(IEnumerable<Move> moves)
        {
            foreach (var move in moves)
                Do(move);
            Settle();
        }

        private void Do(Move move)
        {
            var id = _ids[move.Pick % Requests];
            switch (move.What)
            {
                case "commit" or "commit2" when _accepted.Add(id):
                    _underWay.Add(Changes.Of(_log.Accept(_owner, id)));
                    break;
                case "commit" when !_log.Read(id).Done:
                    _underWay.Add(Changes.Of(_log.Progress(id, 1)));
                    break;
                case "commit2" when !_log.Read(id).Done:
                    _underWay.Add(Changes.Of(_log.Append(id, Progress(), Progress())));
                    break;
                case "end" when move.Pick % 5 == 0 && _accepted.Contains(id) && !_log.Read(id).Done:
                    _underWay.Add(Changes.Of(_log.Succeed(id)));
                    break;
                case "lose" when _underWay.Count > 0:
                    _underWay.RemoveAt(move.Pick % _underWay.Count);
                    break;
                case "arrive" when _underWay.Count > 0:
                    var next = _underWay[move.Pick % _underWay.Count];
                    _underWay.Remove(next);
                    _arrived.Add(next);
                    _view.Offer(next, _now);
                    break;
                case "again" when _arrived.Count > 0:
                    _view.Offer(_arrived[move.Pick % _arrived.Count], _now);
                    break;
                case "told" when _accepted.Contains(id):
                    _view.Offer(Change.Told(_log.Read(id)), _now);
                    break;
                case "time":
                    _now += TimeSpan.FromMilliseconds(move.Pick % 60);
                    break;
                case "step" or "slowfill" or "outage":
                    Step(move.What);
                    break;
            }
        }

        private bool Step(string how)
        {
            if (_fill.Length > 0 && how == "slowfill")
                return true; // what was read waits to be sent, while more arrives
            TakeFill();
            switch (_view.Next(_now))
            {
                case FeedStep.Send send:
                    Show(send.Change);
                    return true;
                case FeedStep.Fill gaps when how == "outage":
                    _view.NotFilled(gaps.Gaps);
                    return true;
                case FeedStep.Fill gaps:
                    _fill = [.. gaps.Gaps.Select(gap => (Changes.Of(_log.Read(gap.Id), gap.After, _log.EventsAbove(gap.Id, gap.After)), gap.Id))];
                    if (how == "step")
                        TakeFill();
                    return true;
                case FeedStep.Wait wait:
                    wait.Until.ShouldBeGreaterThan(_now);
                    return false;
                default:
                    return false;
            }
        }

        private void TakeFill()
        {
            foreach (var (change, id) in _fill)
            {
                Show(change);
                _view.Filled(id, change.Version, change.Done, more: false, _now);
            }
            _fill = [];
        }

        private void Show(Change change)
        {
            if (!change.HasEvents)
                return;
            var last = _seen.GetValueOrDefault(change.Id);
            change.From.ShouldBe(last);
            change.Events.Select(e => e.Version).ShouldBe(Enumerable.Range(last + 1, change.Version - last));
            _seen[change.Id] = change.Version;
        }

        private void Settle()
        {
            foreach (var id in _accepted)
                _view.Offer(Change.Told(_log.Read(id)), _now);
            for (var i = 0; i < 1_000; i++)
            {
                if (!Step("step") && _fill.Length == 0)
                    _now += Patience;
            }
            foreach (var id in _accepted)
                _seen.GetValueOrDefault(id).ShouldBe(_log.Read(id).Version);
        }

        private static Web.Log.ProgressReported Progress() => new(1, Guid.Empty, 1, 1, null);
    }
}
