import ArgumentParser
import Foundation
import Neural
import SoraModel
import Training

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how fast a preset runs here: frames/s, GFLOP/s, peak memory.",
        discussion: """
            Example:
              sora bench --preset small
              sora bench --preset article --train --batch 32
            """)

    @Option(help: "The preset: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
    var preset = Preset.small

    @Flag(help: "Measure whole training steps rather than predictions.")
    var train = false

    @Option(help: "Clips in a batch.")
    var batch = 4

    @Option(help: "Frames in a clip; the preset's where not given.")
    var frames: Int?

    @Option(help: "Height and width of a frame; the preset's where not given.")
    var size: Int?

    @Option(help: "Runs to take the median of.")
    var runs = 5

    @Option(help: "Most frames in the network at a time; chosen where not given.")
    var chunk: Int?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard batch > 0, runs > 0, (frames ?? 1) > 0, (size ?? 8) >= 8, (chunk ?? 1) > 0 else {
            throw ValidationError("--batch, --frames, --runs and --chunk must be positive, --size at least 8")
        }
    }

    func run() throws {
        var configuration = preset.configuration
        configuration.clip.frames = frames ?? configuration.clip.frames
        configuration.clip.size = size ?? configuration.clip.size
        configuration.labels = ["no", "yes"]
        let speed = try SpeedMeasurement(
            configuration, trains: train, batch: batch, runs: runs, chunk: chunk, backend: OneDNNBackend())
        guard !common.json else { return Console.result(try speed.jsonLine()) }
        Console.result(
            """
            \(speed.preset), \(speed.mode): batch \(speed.batch) x \(speed.frames) frames of \
            \(speed.size)x\(speed.size), \(speed.chunk) at a time
              \(String(format: "%.1f", speed.framesPerSecond)) frames/s   \
            \(String(format: "%.1f", speed.gigaflopsPerSecond)) GFLOP/s   \
            \(String(format: "%.0f", speed.peakMemoryMiB)) MiB peak   \
            (median of \(speed.seconds.count) runs, \
            \(String(format: "%.2f", speed.seconds.min() ?? 0))-\(String(format: "%.2f", speed.seconds.max() ?? 0)) s)
            """)
    }
}
