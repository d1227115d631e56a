import Foundation
import Media
import Neural
import SoraModel
import Training

/// About how much memory some work takes at least: so that numbers which no machine could hold are refused with words,
/// before the system ends the process without any.
struct MemoryNeed {
    private var bytes = 0.0

    /// The bytes of `count` clips, `copies` times.
    mutating func add(clips count: Int, of format: ClipFormat, copies: Int = 1) {
        bytes += Double(format.specification.byteCount) * Double(count) * Double(copies)
    }

    /// The weights and, in training, their gradients and the optimiser's two moments.
    mutating func add(weightsOf network: SoraNetwork, trains: Bool) throws {
        let count = try network.parameters().map(\.shape.elementCount).reduce(0, +)
        bytes += 4 * Double(count) * (trains ? 4 : 1)
    }

    /// The vectors of all frames of `clips` clips, and the largest two results for `chunk` frames.
    mutating func add(activationsOf network: SoraNetwork, clips: Int, chunk: Int) throws {
        let configuration = network.configuration
        let count = Double(clips) * Double(configuration.clip.frames)
        let largest =
            try ModelSummary(network).layers.map { layer in
                layer.output.reduce(1.0) { $0 * Double($1) } / Double(configuration.clip.frames)
            }.max() ?? 0
        bytes += 4 * count * Double(try network.featureSize() + configuration.temporal.hidden * 8)
        bytes += 8 * largest * min(Double(chunk), count)
    }

    /// - Parameter options: what to make smaller.
    /// - Throws: `TrainingError.options` if this machine has less memory.
    func check(smaller options: String) throws {
        let most = Double(PhysicalMemory.byteCount)
        guard bytes > most else { return }
        let unit = Double(1 << 30)
        throw TrainingError(
            .options,
            String(
                format: "this would take at least %.0f GiB, and this machine has %.0f GiB: ", bytes / unit, most / unit)
                + "give a smaller \(options)")
    }
}
