using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Editing;

/// <summary>Carries an edit out, step by step, and hands the result over.</summary>
internal sealed class EditRun(Stores stores, RegistryClient registry, EditRequest request, long epoch, IProgress<BuildEvent>? progress)
{
    private readonly ImageRoots _roots = new(stores, registry, request.Pull, request.Platforms.IsDefaultOrEmpty ? null : request.Platforms[0]);

    private ImageWriteOptions WriteOptions => new() { Compression = request.Compression, Epoch = epoch };

    public async Task<(ImageRoot Root, bool Changed)> RunAsync(CancellationToken cancel)
    {
        ImageRoot source = await _roots.FindAsync(request.Source, cancel).ConfigureAwait(false);
        ImageRoot root = await RootEditing.ChooseAsync(source, request.Platforms, cancel).ConfigureAwait(false);
        foreach (EditStep step in request.Steps) root = await StepAsync(step, root, cancel).ConfigureAwait(false);
        return (root, root.Descriptor.Digest != source.Descriptor.Digest);
    }

    private async Task<ImageRoot> StepAsync(EditStep step, ImageRoot root, CancellationToken cancel) => step switch
    {
        ChangeStep change => await EachAsync(root, (image, stop) => image.With(change.Edit).WriteAsync(stores.Layers, WriteOptions, stop), null, cancel).ConfigureAwait(false),
        AnnotateStep annotate => Note(await RootAnnotations.ApplyAsync(root, annotate.Edits, stores.Layers, new() { KeepAttestations = request.KeepAttestations }, cancel).ConfigureAwait(false)),
        ConvertStep convert => await ConvertAsync(root, convert.Conversion, cancel).ConfigureAwait(false),
        RebaseStep rebase => await new RebaseRun(stores, _roots, rebase).RunAsync(root, EachAsync, cancel).ConfigureAwait(false),
        SquashStep squash => await new SquashRun(stores, _roots, squash, WriteOptions).RunAsync(root, EachAsync, cancel).ConfigureAwait(false),
        FlattenStep => await EachAsync(root, (image, stop) => ImageSquash.SquashAsync(image, stores.Layers, 0, WriteOptions, stop), null, cancel).ConfigureAwait(false),
        CreateIndexStep create => await IndexBuilding.CreateAsync([root, .. await FindAsync(create.Names, cancel).ConfigureAwait(false)], stores.Images, cancel).ConfigureAwait(false),
        AddToIndexStep add => await IndexBuilding.AddAsync(root, await FindAsync(add.Names, cancel).ConfigureAwait(false), stores.Images, cancel).ConfigureAwait(false),
        RemoveFromIndexStep remove => await IndexBuilding.RemoveAsync(root, remove.Names, stores.Images, cancel).ConfigureAwait(false),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "An unknown step."),
    };

    private Task<ImageRoot> ConvertAsync(ImageRoot root, ImageConversion conversion, CancellationToken cancel) =>
        EachAsync(root, (image, stop) => conversion.ConvertAsync(image, stores.Layers, stop), conversion.Types switch
        {
            MediaTypeFamily.Docker => MediaTypes.DockerIndex,
            MediaTypeFamily.Oci => MediaTypes.Index,
            _ => root.IsIndex ? root.Descriptor.MediaType : null,
        }, cancel);

    private async Task<ImageRoot> EachAsync(ImageRoot root, Func<Image, CancellationToken, Task<Image>> edit, string? indexType, CancellationToken cancel) =>
        Note(await RootEditing.EditAsync(root, edit, stores.Images, new() { KeepAttestations = request.KeepAttestations, IndexMediaType = indexType }, cancel).ConfigureAwait(false));

    private ImageRoot Note(EditedRoot edited)
    {
        if (edited.Dropped.Length > 0) progress?.Report(new Warning($"{edited.Dropped.Length} attestation(s) were left out: they speak of the image from before. Keep them with --keep-attestations."));
        return edited.Root;
    }

    private async Task<ImmutableArray<ImageRoot>> FindAsync(ImmutableArray<string> names, CancellationToken cancel)
    {
        var found = ImmutableArray.CreateBuilder<ImageRoot>(names.Length);
        foreach (string name in names) found.Add(await _roots.FindAsync(name, cancel).ConfigureAwait(false));
        return found.MoveToImmutable();
    }
}
