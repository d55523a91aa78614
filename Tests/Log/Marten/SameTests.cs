using AspireFeedback.Tests.Admin;
using AspireFeedback.Tests.Files;
using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Log.Whole;
using AspireFeedback.Tests.Policies;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Tests.Waiting;
using Xunit;

namespace AspireFeedback.Tests.Log.Marten;

public sealed class SubmitOnMarten(PostgresServer postgres) : SubmitTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class AppendOnMarten(PostgresServer postgres) : AppendTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class GuardOnMarten(PostgresServer postgres) : GuardTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class ListOnMarten(PostgresServer postgres) : ListTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class VoidDispatchOnMarten(PostgresServer postgres) : VoidDispatchTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class OutboxLockOnMarten(PostgresServer postgres) : OutboxLockTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class LogWatchOnMarten(PostgresServer postgres) : LogWatchTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class BackupOnMarten(PostgresServer postgres) : BackupTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class ProjectionOnMarten(PostgresServer postgres) : ProjectionTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class OrderOnMarten(PostgresServer postgres) : OrderTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class QueueEstimateOnMarten(PostgresServer postgres) : QueueEstimateTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class SearchOnMarten(PostgresServer postgres) : SearchTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class LostDispatchOnMarten(PostgresServer postgres) : LostDispatchTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class RetentionOnMarten(PostgresServer postgres) : RetentionTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class LeaseOnMarten(PostgresServer postgres) : LeaseTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class OpenRequestsOnMarten(PostgresServer postgres) : OpenRequestsTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class NamedFilesOnMarten(PostgresServer postgres) : NamedFileTests(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class ReplicasOnMarten(PostgresServer postgres) : LiveReplicas(postgres)
{
    private protected override LogImplementation Implementation => OnMarten.Instance;
}

public sealed class CarryOverOnMarten(ReplicasOnMarten web) : CarryOverTests(web), IClassFixture<ReplicasOnMarten>;

public sealed class GuestMoveOnMarten(ReplicasOnMarten web) : Identity.MoveTests(web), IClassFixture<ReplicasOnMarten>;
