internal import COneDNN
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What kernels take on this machine: each timed once, and remembered in a file for later processes.
///
/// The file belongs to one processor, one version of the library and one number of threads; its name says which. It
/// may be deleted at any time.
/// Guard of `@unchecked`: it is touched on the compute thread alone.
final class KernelTimes: @unchecked Sendable {
    /// Where the times are kept between processes; nil where they are not.
    private let path: String?
    /// Seconds by problem and way; nil where there is no kernel.
    private var seconds: [String: Double?] = [:]
    private var isChanged = false
    /// Held from the first kernel that is timed until the times are written: processes that begin together agree on
    /// what the first of them found, and do not disturb each other's timing.
    private var lock: Int32?

    /// - Parameter folder: where files of times are; nil to keep nothing.
    init(folder: String?) {
        path = folder.map { "\($0)/kernels-\(Self.machine).json" }
        if let path { seconds = Self.read(path) }
    }

    private static func read(_ path: String) -> [String: Double?] {
        FileManager.default.contents(atPath: path).flatMap {
            try? JSONDecoder().decode([String: Double?].self, from: $0)
        } ?? [:]
    }

    /// Seconds that a convolution takes in a certain way; nil if the library has no real kernel for it.
    func seconds(_ whole: ConvolutionProblem, _ way: ConvolutionWay) -> Double? {
        var problem = whole
        let (batch, factor) = Self.timed(batch: whole.input[0], max(whole.input.strides[0], whole.output.strides[0]))
        (problem.input.dimensions[0], problem.output.dimensions[0]) = (batch, batch)
        let seconds = time("\(problem): \(way)") {
            guard let primitive = try? problem.primitive(way), !primitive.isNaive else { return nil }
            return KernelTimer.seconds(primitive, problem.arguments)
        }
        return seconds.map { $0 * factor }
    }

    /// The batch that is timed in the place of another, and how often it goes into that: few sizes, so that chunks and
    /// last batches of all lengths need not be timed each, and none that takes much memory: more than 16 only of small
    /// images.
    /// - Parameter size: elements of one image.
    private static func timed(batch: Int, _ size: Int) -> (batch: Int, factor: Double) {
        func power(_ most: Int) -> Int { 1 << (Int.bitWidth - 1 - max(most, 1).leadingZeroBitCount) }
        let timed = min(power(batch), max(16, power((1 << 21) / max(size, 1))), 128)
        return (timed, Double(batch) / Double(timed))
    }

    /// How an image lies in memory: in what type, and whether in blocks of channels or in plain order.
    struct ImageForm: CustomStringConvertible {
        var type: StorageType
        var isBlocks: Bool

        var description: String { "\(type) \(isBlocks ? "blocks" : "plain")" }

        func descriptor(_ shape: Shape) throws -> MemoryDescriptor {
            let (d, s) = (shape.dimensions, shape.strides)
            let sizes = [d[0], d[3], d[1], d[2]]
            return isBlocks
                ? try MemoryDescriptor(blocked: sizes, type: type)
                : try MemoryDescriptor(sizes, strides: [s[0], s[3], s[1], s[2]], type: type)
        }
    }

    /// Seconds that an image takes to change its layout or its type.
    func reorderSeconds(_ whole: Shape, from: ImageForm, to: ImageForm) -> Double {
        var shape = whole
        let (batch, factor) = Self.timed(batch: whole[0], whole.strides[0])
        shape.dimensions[0] = batch
        let time = time("reorder \(shape) from \(from) to \(to)") {
            guard let source = try? from.descriptor(shape), let target = try? to.descriptor(shape),
                let primitive = try? Primitive(
                    "a reorder", { unsafe sdnn_reorder(&$0, source.handle, target.handle, 1, 0) })
            else { return nil }
            return KernelTimer.seconds(primitive, [.source, .destination])
        }
        return time.map { $0 * factor } ?? .infinity
    }

    private func time(_ key: String, _ measure: () -> Double?) -> Double? {
        if let known = seconds[key] { return known }
        takeLock()
        if let known = seconds[key] { return known }
        let measured = measure()
        seconds[key] = .some(measured)
        isChanged = true
        return measured
    }

    /// Waits for other processes that time kernels, and takes over what they have found.
    private func takeLock() {
        guard lock == nil, let path else { return }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let descriptor = unsafe open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        flock(descriptor, LOCK_EX)
        lock = descriptor
        seconds.merge(Self.read(path)) { _, known in known }
    }

    /// Writes what is new, and lets other processes time. A file that cannot be written is done without.
    func save() {
        defer {
            if let lock { close(lock) }
            lock = nil
        }
        guard isChanged, let path else { return }
        isChanged = false
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(seconds) else { return }
        try? AtomicFile.write(String(decoding: data, as: UTF8.self), to: path)
    }

    /// What the times depend on, as a part of a file's name.
    private static let machine: String = {
        let text = "\(Processor.description) threads \(sdnn_thread_count())"
        // FNV-1a: short, and the same in every process.
        let hash = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "onednn\(sdnn_version())-\(String(hash, radix: 16))"
    }()
}

extension ConvolutionProblem {
    /// What its kernel reads and writes.
    fileprivate var arguments: [ArgumentName] {
        switch direction {
        case .forward: [.source, .weights] + (convolution.hasBias ? [.bias] : []) + [.destination]
        case .inputGradient: [.destinationGradient, .weights, .sourceGradient]
        case .weightGradient:
            [.source, .destinationGradient, .weightsGradient] + (convolution.hasBias ? [.biasGradient] : [])
        }
    }
}
