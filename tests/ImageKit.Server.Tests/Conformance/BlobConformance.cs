using System.Text;
using ImageKit.Oci;

namespace ImageKit.Server.Tests.Conformance;

/// <summary>The blob cases of the specification's suite, for each algorithm.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/tree/main/conformance"/>
internal sealed class BlobConformance(string form) : ConformanceFixture(form)
{
    private static readonly string[] Algorithms = ["sha256", "sha512"];
    private static readonly byte[] First = Encoding.UTF8.GetBytes(new string('a', 1000)), Second = Encoding.UTF8.GetBytes(new string('b', 500));
    private static readonly byte[] Both = [.. First, .. Second];

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_missing_blob_is_404_with_an_error(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf("nowhere"u8.ToArray(), algorithm);
        HttpResponseMessage get = await Calls.GetBlobAsync(digest), head = await Calls.HeadBlobAsync(digest);
        Assert.That(((int)get.StatusCode, (int)head.StatusCode), Is.EqualTo((404, 404)));
        Assert.That(await RegistryCalls.CodesAsync(get), Is.EqualTo(new[] { "BLOB_UNKNOWN" }));
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_blob_by_POST_alone(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(First, algorithm);
        HttpResponseMessage answer = await Calls.SendAsync(HttpMethod.Post, $"/v2/{Calls.Repository}/blobs/uploads/?digest={digest}", First);
        await AssertPushedAsync(answer, digest, First);
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_blob_by_POST_and_PUT(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(First, algorithm);
        await AssertPushedAsync(await Calls.PutAsync(await Calls.BeginAsync($"?digest-algorithm={algorithm}"), digest, First), digest, First);
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_blob_in_one_chunk(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(First, algorithm);
        HttpResponseMessage chunk = await Calls.PatchAsync(await Calls.BeginAsync(), First, "0-999");
        Assert.That((int)chunk.StatusCode, Is.EqualTo(202));
        Assert.That(chunk.Headers.GetValues("Range"), Is.EqualTo(new[] { "0-999" }));
        await AssertPushedAsync(await Calls.PutAsync(chunk.Headers.Location!.OriginalString, digest), digest, First);
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_blob_streamed_without_a_range(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(First, algorithm);
        HttpResponseMessage chunk = await Calls.PatchAsync(await Calls.BeginAsync(), First, null);
        Assert.That((int)chunk.StatusCode, Is.EqualTo(202));
        await AssertPushedAsync(await Calls.PutAsync(chunk.Headers.Location!.OriginalString, digest), digest, First);
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_blob_in_chunks_with_its_state_asked_for_in_between(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(Both, algorithm);
        HttpResponseMessage first = await Calls.PatchAsync(await Calls.BeginAsync(), First, "0-999");
        HttpResponseMessage state = await Calls.SendAsync(HttpMethod.Get, first.Headers.Location!.OriginalString);
        Assert.That((int)state.StatusCode, Is.EqualTo(204));
        Assert.That(state.Headers.GetValues("Range"), Is.EqualTo(new[] { "0-999" }));
        HttpResponseMessage second = await Calls.PatchAsync(state.Headers.Location!.OriginalString, Second, "1000-1499");
        Assert.That(second.Headers.GetValues("Range"), Is.EqualTo(new[] { "0-1499" }));
        await AssertPushedAsync(await Calls.PutAsync(second.Headers.Location!.OriginalString, digest), digest, Both);
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_blob_in_chunks_of_which_PUT_brings_the_last(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(Both, algorithm);
        HttpResponseMessage first = await Calls.PatchAsync(await Calls.BeginAsync(), First, "0-999");
        await AssertPushedAsync(await Calls.PutAsync(first.Headers.Location!.OriginalString, digest, Second, "1000-1499"), digest, Both);
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task Chunks_out_of_order_are_refused_and_can_be_sent_again_in_order(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(Both, algorithm);
        string session = await Calls.BeginAsync();
        Assert.That((int)(await Calls.PatchAsync(session, Second, "1000-1499")).StatusCode, Is.EqualTo(416));
        HttpResponseMessage first = await Calls.PatchAsync(session, First, "0-999"), again = await Calls.PatchAsync(session, First, "0-999");
        Assert.That(((int)first.StatusCode, (int)again.StatusCode), Is.EqualTo((202, 416)), "a chunk that came already");
        HttpResponseMessage second = await Calls.PatchAsync(first.Headers.Location!.OriginalString, Second, "1000-1499");
        await AssertPushedAsync(await Calls.PutAsync(second.Headers.Location!.OriginalString, digest), digest, Both);
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_last_chunk_out_of_order_is_refused_with_PUT_too(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(Both, algorithm);
        HttpResponseMessage first = await Calls.PatchAsync(await Calls.BeginAsync(), First, "0-999");
        HttpResponseMessage wrong = await Calls.PutAsync(first.Headers.Location!.OriginalString, digest, Second, "1200-1699");
        Assert.That((int)wrong.StatusCode, Is.EqualTo(416));
        await AssertPushedAsync(await Calls.PutAsync(first.Headers.Location!.OriginalString, digest, Second, "1000-1499"), digest, Both);
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_cancelled_upload_is_gone(string algorithm)
    {
        string session = await Calls.BeginAsync($"?digest-algorithm={algorithm}");
        await Calls.PatchAsync(session, First, null);
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, session)).StatusCode, Is.EqualTo(204));
        HttpResponseMessage state = await Calls.SendAsync(HttpMethod.Get, session);
        Assert.That((int)state.StatusCode, Is.EqualTo(404));
        Assert.That(await RegistryCalls.CodesAsync(state), Is.EqualTo(new[] { "BLOB_UPLOAD_UNKNOWN" }));
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task Mounting_takes_no_bytes(string algorithm)
    {
        Digest digest = await Calls.PushAsync(First, algorithm);
        HttpResponseMessage mounted = await Calls.SendAsync(HttpMethod.Post, $"/v2/{Other.Repository}/blobs/uploads/?mount={digest}&from={Calls.Repository}");
        Assert.That((int)mounted.StatusCode, Is.EqualTo(201));
        Assert.That(await (await Other.GetBlobAsync(digest)).Content.ReadAsByteArrayAsync(), Is.EqualTo(First));
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task Mounting_from_wherever_it_is(string algorithm)
    {
        Digest digest = await Calls.PushAsync(First, algorithm);
        HttpResponseMessage mounted = await Calls.SendAsync(HttpMethod.Post, $"/v2/{Other.Repository}/blobs/uploads/?mount={digest}");
        Assert.That((int)mounted.StatusCode, Is.EqualTo(201));
        Assert.That((int)(await Other.HeadBlobAsync(digest)).StatusCode, Is.EqualTo(200));
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task Mounting_what_is_nowhere_opens_an_upload(string algorithm)
    {
        Digest digest = RegistryCalls.DigestOf(Encoding.UTF8.GetBytes(Calls.Repository), algorithm);
        HttpResponseMessage answer = await Calls.SendAsync(HttpMethod.Post, $"/v2/{Other.Repository}/blobs/uploads/?mount={digest}&from={Calls.Repository}");
        Assert.That((int)answer.StatusCode, Is.EqualTo(202));
        await AssertPushedAsync(await Other.PutAsync(answer.Headers.Location!.OriginalString, digest, Encoding.UTF8.GetBytes(Calls.Repository)), digest, Encoding.UTF8.GetBytes(Calls.Repository), Other);
    }

    [TestCase("", TestName = "An empty blob")]
    [TestCase("{}", TestName = "The empty object")]
    public async Task Small(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (string algorithm in Algorithms)
        {
            Digest digest = RegistryCalls.DigestOf(bytes, algorithm);
            await AssertPushedAsync(await Calls.PutAsync(await Calls.BeginAsync(), digest, bytes), digest, bytes);
        }
    }

    [TestCase("bytes=500-1499", 206, 500, 1000, TestName = "A range in the middle")]
    [TestCase("bytes=500-", 206, 500, 1548, TestName = "A range to the end")]
    [TestCase("bytes=-500", 206, 1548, 500, TestName = "The last bytes")]
    [TestCase("bytes=2000-5000", 206, 2000, 48, TestName = "A range over the end is cut")]
    [TestCase("bytes=500-0", 416, 0, 0, TestName = "A range that ends before it begins")]
    [TestCase("bytes=5000-10000", 416, 0, 0, TestName = "A range behind the end")]
    public async Task Ranges(string range, int status, int from, int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, 2048).Select(number => (byte)(number * 7))];
        foreach (string algorithm in Algorithms)
        {
            HttpResponseMessage answer = await Calls.GetBlobAsync(await Calls.PushAsync(bytes, algorithm), range);
            Assert.That((int)answer.StatusCode, Is.EqualTo(status));
            if (status != 206) continue;
            Assert.That(answer.Content.Headers.ContentRange?.ToString(), Is.EqualTo($"bytes {from}-{from + length - 1}/2048"));
            Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[from..(from + length)]));
        }
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_wrong_digest_is_refused_in_every_way_of_pushing(string algorithm)
    {
        Digest wrong = RegistryCalls.DigestOf(Encoding.UTF8.GetBytes("wrong" + Calls.Repository), algorithm);
        HttpResponseMessage[] answers =
        [
            await Calls.SendAsync(HttpMethod.Post, $"/v2/{Calls.Repository}/blobs/uploads/?digest={wrong}", First),
            await Calls.PutAsync(await Calls.BeginAsync(), wrong, First),
            await Calls.PutAsync((await Calls.PatchAsync(await Calls.BeginAsync(), First, "0-999")).Headers.Location!.OriginalString, wrong),
            await Calls.PutAsync((await Calls.PatchAsync(await Calls.BeginAsync(), First, "0-999")).Headers.Location!.OriginalString, wrong, Second, "1000-1499"),
            await Calls.PutAsync((await Calls.PatchAsync(await Calls.BeginAsync(), First, null)).Headers.Location!.OriginalString, wrong),
        ];
        foreach (HttpResponseMessage answer in answers)
        {
            Assert.That((int)answer.StatusCode, Is.EqualTo(400));
            Assert.That(await RegistryCalls.CodesAsync(answer), Is.EqualTo(new[] { "DIGEST_INVALID" }));
        }
        Assert.That((int)(await Calls.HeadBlobAsync(wrong)).StatusCode, Is.EqualTo(404));
    }

    [TestCaseSource(nameof(Algorithms))]
    public async Task A_deleted_blob_is_gone_at_once(string algorithm)
    {
        Digest digest = await Calls.PushAsync(First, algorithm);
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/blobs/{digest}")).StatusCode, Is.EqualTo(202));
        Assert.That((int)(await Calls.GetBlobAsync(digest)).StatusCode, Is.EqualTo(404));
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/blobs/{digest}")).StatusCode, Is.EqualTo(404));
        await Calls.PushAsync(First, algorithm);
        Assert.That(await (await Calls.GetBlobAsync(digest)).Content.ReadAsByteArrayAsync(), Is.EqualTo(First), "pushed again");
    }

    [TestCase("no-digest", TestName = "A text that is no digest")]
    [TestCase("sha256:short", TestName = "A digest that is too short")]
    public async Task Malformed(string digest)
    {
        HttpResponseMessage answer = await Calls.SendAsync(HttpMethod.Get, $"/v2/{Calls.Repository}/blobs/{digest}");
        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That(await RegistryCalls.CodesAsync(answer), Is.EqualTo(new[] { "DIGEST_INVALID" }));
    }

    private async Task AssertPushedAsync(HttpResponseMessage answer, Digest digest, byte[] bytes, RegistryCalls? calls = null)
    {
        calls ??= Calls;
        Assert.That((int)answer.StatusCode, Is.EqualTo(201), await answer.Content.ReadAsStringAsync());
        HttpResponseMessage located = await calls.SendAsync(HttpMethod.Get, answer.Headers.Location!.OriginalString), head = await calls.HeadBlobAsync(digest), get = await calls.GetBlobAsync(digest);
        byte[] got = await get.Content.ReadAsByteArrayAsync();
        Assert.Multiple(() =>
        {
            Assert.That(((int)located.StatusCode, (int)head.StatusCode, (int)get.StatusCode), Is.EqualTo((200, 200, 200)));
            Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(bytes.Length));
            Assert.That(get.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { digest.ToString() }));
            Assert.That(got, Is.EqualTo(bytes));
        });
    }
}
