/// An image whose channels lie together, all of them or sixteen by sixteen, with no gap between pixels.
struct PackedImage {
    let images: Int
    let rows: Int
    let columns: Int
    let channels: Int
    /// Channels that lie together.
    let together: Int
    let type: StorageType

    /// Nil for any other layout.
    init?(_ layout: MemoryDescriptor) {
        let sizes = layout.dimensions
        guard sizes.count == 4, let (block, strides) = layout.blocks, block == 1 || block == 16 else { return nil }
        (images, channels, rows, columns) = (sizes[0], sizes[1], sizes[2], sizes[3])
        together = block == 1 ? channels : block
        type = layout.type
        let row = columns * together
        guard strides[3] == together, strides[2] == row, strides[0] == row * rows * planesOfImage,
            strides[1] == (block == 1 ? 1 : row * rows)
        else { return nil }
    }

    /// Runs of channels that lie together, for each image.
    var planesOfImage: Int { (channels + together - 1) / max(together, 1) }
    /// Numbers of a row of such a run.
    var rowLength: Int { columns * together }
}
