import Foundation
import Media
import Neural
import SoraModel
import Training

/// How long a file takes from opening it to its embedding, with a network planned before: `sora bench --embed`.
struct EmbedMeasurement: Encodable {
    var mode = "embed"
    var path: String
    var preset: String
    var precision: String
    var sampling: String
    /// Frames of the clip.
    var frames: Int
    /// Height and width of a frame in the network.
    var size: Int
    /// Seconds of each run.
    var seconds: [Double] = []
    /// Largest distance in seconds between a frame taken and the one that the model asks for.
    var largestDistance = 0.0
    var peakMemoryMiB: Double

    /// Measures `runs` runs after one that is not counted, or as many as take `duration` seconds.
    init(
        path: String, _ model: Model, sampling: FrameRequest.Accuracy, runs: Int, duration: Double,
        backend: OneDNNBackend, observe: (Int) -> Void
    ) throws {
        let configuration = model.configuration
        var predictor = FilePredictor(try Predictor(model, backend: backend), format: configuration.clip)
        predictor.accuracy = sampling
        var furthest = 0.0
        seconds = try Timing.seconds(runs: runs, duration: duration, observe: observe) {
            try predictor.predict([path]) { _, outcome in furthest = try outcome.get().largestDistance }
        }
        self.path = path
        largestDistance = furthest
        preset = configuration.preset
        precision = backend.precision.rawValue
        self.sampling = sampling.rawValue
        (frames, size) = (configuration.clip.frames, configuration.clip.size)
        peakMemoryMiB = SpeedMeasurement.peakMemory
    }

    /// Two lines for people.
    var text: String {
        let median = seconds.sorted()[seconds.count / 2]
        let range = String(format: "%.3f-%.3f s", seconds.min() ?? 0, seconds.max() ?? 0)
        let distance = largestDistance > 0 ? String(format: ", frames up to %.3f s off", largestDistance) : ""
        return """
            \(path), file to embedding: \(counted(frames, "frame")), \(sampling)\(distance), \(preset) at \(size)x\(size), \(precision)
              \(String(format: "%.3f s   %.0f MiB peak", median, peakMemoryMiB))   \
            (median of \(counted(seconds.count, "run")), \(range))
            """
    }
}
