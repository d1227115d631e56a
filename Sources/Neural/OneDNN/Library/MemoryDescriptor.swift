internal import COneDNN

/// The sizes of a tensor's axes, in the order in which oneDNN wants them, and where each element lies.
@safe final class MemoryDescriptor {
    let handle: OpaquePointer
    /// Bytes it describes, padding included.
    let byteCount: Int
    let dimensions: [Int]
    /// What an element is stored as.
    let type: StorageType

    /// A layout by strides, in elements; without them, one that a primitive may choose.
    convenience init(_ dimensions: [Int], strides: [Int]?, type: StorageType = .float32) throws {
        var handle: OpaquePointer?
        let sizes = dimensions.map(Int64.init)
        try check(
            unsafe sdnn_descriptor_create(
                &handle, Int32(dimensions.count), sizes, type.rawValue, strides?.map(Int64.init)),
            "describe a tensor of \(dimensions)")
        try unsafe self.init(owning: handle)
    }

    /// An image, batch, channel, height, width, whose channels lie in blocks of 16.
    convenience init(blocked dimensions: [Int], type: StorageType = .float32) throws {
        var handle: OpaquePointer?
        try check(
            unsafe sdnn_descriptor_create_blocked(&handle, dimensions.map(Int64.init), type.rawValue),
            "describe an image of \(dimensions)")
        try unsafe self.init(owning: handle)
    }

    /// Takes over what a function of the facade made.
    init(owning handle: OpaquePointer?) throws {
        guard let handle = unsafe handle else { throw NeuralError(.backend, "oneDNN made no layout") }
        unsafe self.handle = unsafe handle
        byteCount = Int(clamping: unsafe sdnn_descriptor_size(handle))
        var sizes = [Int64](repeating: 0, count: Int(unsafe sdnn_descriptor_rank(handle)))
        unsafe sdnn_descriptor_dims(handle, &sizes)
        dimensions = sizes.map(Int.init)
        let code = unsafe sdnn_descriptor_type(handle)
        guard let type = StorageType(rawValue: code) else {
            throw NeuralError(.backend, "oneDNN made a layout of elements that are not known here")
        }
        self.type = type
    }

    deinit { unsafe sdnn_descriptor_destroy(handle) }

    /// The part of `dimensions` that begins at `starts`.
    func part(_ dimensions: [Int], at starts: [Int]) throws -> MemoryDescriptor {
        var handle: OpaquePointer?
        try check(
            unsafe sdnn_descriptor_create_part(
                &handle, self.handle, dimensions.map(Int64.init), starts.map(Int64.init)),
            "take a part of \(dimensions) from \(self.dimensions)")
        return try unsafe MemoryDescriptor(owning: handle)
    }

    /// Whether both put every element at the same place.
    func isEqual(_ other: MemoryDescriptor) -> Bool {
        unsafe self === other || sdnn_descriptor_equal(handle, other.handle) != 0
    }

    /// Strides, over blocks of `block` channels where that is not 1; nil if the layout is of another kind.
    var blocks: (block: Int, strides: [Int])? {
        var strides = [Int64](repeating: 0, count: dimensions.count)
        let block = unsafe sdnn_descriptor_blocks(handle, &strides)
        return block == 0 ? nil : (Int(block), strides.map(Int.init))
    }
}
