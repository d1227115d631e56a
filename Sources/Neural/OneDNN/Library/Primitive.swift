internal import COneDNN

/// A kernel that oneDNN generated for one operation on given shapes and layouts.
@safe final class Primitive {
    let handle: OpaquePointer

    /// - Parameter make: calls one of the facade's `create` functions.
    @safe init(_ what: @autoclosure () -> String, _ make: (inout OpaquePointer?) -> Int32) throws {
        var made: OpaquePointer?
        try check(unsafe make(&made), "make a primitive for \(what())")
        guard let made = unsafe made else { throw NeuralError(.backend, "oneDNN made no primitive for \(what())") }
        unsafe handle = unsafe made
    }

    deinit { unsafe sdnn_primitive_destroy(handle) }

    /// The layout that `argument` must have.
    func descriptor(_ argument: ArgumentName) throws -> MemoryDescriptor {
        var descriptor: OpaquePointer?
        try check(
            unsafe sdnn_primitive_descriptor(handle, argument.rawValue, &descriptor), "say the layout of \(argument)")
        return try unsafe MemoryDescriptor(owning: descriptor)
    }

    /// Bytes of scratch memory it wants while it runs.
    var scratchBytes: Int { (try? descriptor(.scratchpad).byteCount) ?? 0 }

    /// The name of the implementation that oneDNN chose, for profiles.
    var implementation: String { unsafe String(cString: sdnn_primitive_implementation(handle)) }

    /// Whether it is one of oneDNN's own naive loops, for want of a kernel.
    var isNaive: Bool { implementation.hasPrefix("ref") }
}

/// Which operand of a primitive a tensor is.
struct ArgumentName: Hashable {
    let rawValue: Int32

    static let source = Self(rawValue: Int32(SDNN_ARG_SRC))
    static let source1 = Self(rawValue: Int32(SDNN_ARG_SRC_1))
    static let destination = Self(rawValue: Int32(SDNN_ARG_DST))
    static let weights = Self(rawValue: Int32(SDNN_ARG_WEIGHTS))
    static let bias = Self(rawValue: Int32(SDNN_ARG_BIAS))
    static let mean = Self(rawValue: Int32(SDNN_ARG_MEAN))
    static let variance = Self(rawValue: Int32(SDNN_ARG_VARIANCE))
    static let scale = Self(rawValue: Int32(SDNN_ARG_SCALE))
    static let shift = Self(rawValue: Int32(SDNN_ARG_SHIFT))
    static let workspace = Self(rawValue: Int32(SDNN_ARG_WORKSPACE))
    static let scratchpad = Self(rawValue: Int32(SDNN_ARG_SCRATCHPAD))
    static let sourceGradient = Self(rawValue: Int32(SDNN_ARG_DIFF_SRC))
    static let destinationGradient = Self(rawValue: Int32(SDNN_ARG_DIFF_DST))
    static let weightsGradient = Self(rawValue: Int32(SDNN_ARG_DIFF_WEIGHTS))
    static let biasGradient = Self(rawValue: Int32(SDNN_ARG_DIFF_BIAS))
    static let scaleGradient = Self(rawValue: Int32(SDNN_ARG_DIFF_SCALE))
    static let shiftGradient = Self(rawValue: Int32(SDNN_ARG_DIFF_SHIFT))
    /// Operand `index` of a concatenation.
    static func multiple(_ index: Int) -> Self {
        Self(rawValue: Int32(SDNN_ARG_MULTIPLE_SRC) + Int32(index))
    }
}
