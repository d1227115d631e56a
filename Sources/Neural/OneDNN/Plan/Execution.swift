internal import COneDNN

/// A step with its memory objects made, ready to run again and again without allocating.
@safe final class Execution {
    let description: Profile.Step
    private let primitive: Primitive?
    private let names: [Int32]
    private let memories: [Memory]
    private let handles: [OpaquePointer?]
    /// Those whose addresses change between runs: what the caller binds, and the arena when it has grown.
    private let moving: [(memory: Memory, buffer: PlanBuffer)]
    private let kernel: (() throws -> Void)?

    /// All buffers of the plan must have their places.
    init(_ step: Step) throws {
        let kernelName: String
        if case .primitive(let primitive, _) = step.work {
            kernelName = primitive.implementation
        } else {
            kernelName = ""
        }
        description = Profile.Step(
            label: step.label, kernel: kernelName, way: step.cost.way, operations: step.cost.operations,
            bytes: (step.reads + step.writes).map(\.byteCount).reduce(0, +), limit: step.cost.limit)
        switch step.work {
        case .kernel(let kernel):
            self.kernel = kernel
            primitive = nil
            (names, memories, moving) = ([], [], [])
            unsafe handles = []
        case .primitive(let primitive, let arguments):
            kernel = nil
            self.primitive = primitive
            names = arguments.map(\.name.rawValue)
            memories = try arguments.map { try unsafe Memory($0.descriptor, at: $0.buffer.pointer) }
            unsafe handles = unsafe memories.map { unsafe $0.handle }
            moving = zip(memories, arguments).filter { $1.buffer.home != .persistent }.map { ($0, $1.buffer) }
        }
    }

    /// To be called on the compute thread.
    func run() throws {
        if let primitive {
            for (memory, buffer) in moving { try unsafe memory.move(to: buffer.pointer) }
            try check(
                unsafe sdnn_primitive_execute(primitive.handle, Int32(names.count), names, handles),
                "run \(description.label) with \(description.kernel)")
        } else {
            try kernel?()
        }
    }
}
