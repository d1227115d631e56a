internal import COneDNN
internal import Foundation

/// Times kernels on memory of its own.
enum KernelTimer {
    /// Seconds that one run of `primitive` takes: the best of some, after one that is not counted; nil if it fails.
    /// To be called on the compute thread.
    static func seconds(_ primitive: Primitive, _ names: [ArgumentName]) -> Double? {
        do {
            var memories: [Memory] = []
            var blocks: [AlignedMemory] = []
            for name in names + (primitive.scratchBytes > 0 ? [.scratchpad] : []) {
                let descriptor = try primitive.descriptor(name)
                let block = try AlignedMemory(byteCount: descriptor.byteCount, for: "timing a kernel")
                // Small numbers in any type: no kernel is fast by luck of zeros, or slow for denormal numbers.
                unsafe block.base.initializeMemory(as: UInt8.self, repeating: 0x3C, count: descriptor.byteCount)
                memories.append(try unsafe Memory(descriptor, at: block.base))
                blocks.append(block)
            }
            let handles = unsafe memories.map { unsafe Optional($0.handle) }
            let numbers = (names + [.scratchpad]).prefix(memories.count).map(\.rawValue)
            func run() throws {
                try check(
                    unsafe sdnn_primitive_execute(primitive.handle, Int32(numbers.count), numbers, handles),
                    "time a kernel")
            }
            try run()
            var best = Double.infinity
            var total = 0.0
            for _ in 0..<repeats where total < enough {
                let start = DispatchTime.now().uptimeNanoseconds
                try run()
                let taken = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
                best = min(best, taken)
                total += taken
            }
            withExtendedLifetime(blocks) {}
            return best
        } catch { return nil }
    }

    private static let repeats = 30
    /// Seconds after which no further run is timed.
    private static let enough = 0.03
}
