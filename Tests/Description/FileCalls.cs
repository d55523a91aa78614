using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;

namespace AspireFeedback.Tests.Description;

/// <summary>Files, and the pages of the problems.</summary>
internal static class FileCalls
{
    public static async Task RunAsync(DescribedApi api, WebReplica web)
    {
        using var person = await web.PersonAsync();
        using var nobody = web.Script();
        var file = $"/files/{Guid.CreateVersion7()}";
        await api.CallAsync(person, "StoreFile", 201, $"{file}?name=a.csv", Bytes());
        await api.CallAsync(person, "StoreFile", 200, file, Bytes());
        await api.CallAsync(person, "StoreFile", 409, file, Bytes(99), "file-conflict");
        await api.CallAsync(nobody, "StoreFile", 401, file, Bytes(), "unauthorized");
        await api.CallAsync(person, "StoreFile", 403, file, Bytes(), "forbidden-origin", ("Sec-Fetch-Site", "cross-site"));
        await api.CallAsync(person, "StoreFile", 412, file, Bytes(), "other-owner", ("Feedback-Owner", $"{Guid.NewGuid()}"));
        await api.CallAsync(person, "StoreFile", 400, "/files/17", Bytes(), "invalid-id");
        await api.CallAsync(person, "StoreFile", 400, file, Ranged(), "invalid-request");
        await api.CallAsync(person, "StoreFile", 413, $"/files/{Guid.CreateVersion7()}", Bytes(2_000), "too-large");
        await api.CallAsync(person, "StoreFile", 415, file, Coded(), "unsupported-media-type");
        using var hoarder = await web.PersonAsync();
        await api.CallAsync(hoarder, "StoreFile", 201, $"/files/{Guid.CreateVersion7()}", Bytes(900));
        await api.CallAsync(hoarder, "StoreFile", 413, $"/files/{Guid.CreateVersion7()}", Bytes(900), "too-much-stored");
        foreach (var get in new[] { "GetFile", "GetFileHeaders" })
            await ReadAsync(api, person, nobody, get, file);

        await api.CallAsync(nobody, "ListProblems", 200, "/problems", headers: ("Accept", "application/json"));
        await api.CallAsync(nobody, "ListProblems", 200, "/problems", headers: ("Accept", "text/html"));
        await api.CallAsync(nobody, "GetProblem", 200, "/problems/gone", headers: ("Accept", "application/json"));
        await api.CallAsync(nobody, "GetProblem", 200, "/problems/gone", headers: ("Accept", "text/html"));
        await api.CallAsync(nobody, "GetProblem", 404, "/problems/nothing", problem: "not-found");
    }

    private static async Task ReadAsync(DescribedApi api, HttpClient person, HttpClient nobody, string get, string file)
    {
        var isHead = get == "GetFileHeaders";
        await api.CallAsync(person, get, 200, file);
        await api.CallAsync(person, get, 206, file, headers: ("Range", "bytes=2-4"));
        await api.CallAsync(person, get, 304, file, headers: ("If-None-Match", "*"));
        await api.CallAsync(person, get, 404, $"/files/{Guid.NewGuid()}", null, isHead ? null : "not-found");
        await api.CallAsync(person, get, 412, file, null, isHead ? null : "precondition-failed", ("If-Match", "\"other\""));
        await api.CallAsync(person, get, 416, file, null, isHead ? null : "range-not-satisfiable", ("Range", "bytes=5000-"));
        await api.CallAsync(nobody, get, 401, file, null, isHead ? null : "unauthorized");
    }

    private static ByteArrayContent Bytes(int size = 10) => new(new byte[size]);

    private static ByteArrayContent Ranged()
    {
        var content = Bytes();
        content.Headers.ContentRange = new(0, 9, 20);
        return content;
    }

    private static ByteArrayContent Coded()
    {
        var content = Bytes();
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
