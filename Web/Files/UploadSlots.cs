using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Files;

/// <summary>
/// How many uploads are under way on this instance: each takes memory for as long as its sender likes. Workers are not counted: the instances of the
/// backend and their concurrency bound them, and an owner must not be able to keep them out.
/// </summary>
internal sealed class UploadSlots(IOptions<FilesOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _byOwner = [];
    private int _all;

    /// <returns>The name of the problem when there is no room; else the slot is taken until <see cref="Free"/>.</returns>
    public string? Take(Guid owner)
    {
        lock (_gate)
        {
            var mine = _byOwner.GetValueOrDefault(owner);
            if (mine >= options.Value.UploadsPerOwner)
                return "too-many-uploads";
            if (_all >= options.Value.Uploads)
                return "overloaded";
            _byOwner[owner] = mine + 1;
            _all++;
            return null;
        }
    }

    public void Free(Guid owner)
    {
        lock (_gate)
        {
            _all--;
            if (--_byOwner[owner] == 0)
                _byOwner.Remove(owner);
        }
    }
}
