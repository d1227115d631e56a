import Foundation
import Media
import Training

/// How fast a video decodes from its first frame to its last, with nothing converted: `sora bench --decode`.
struct DecodeMeasurement: Encodable {
    var mode = "decode"
    var path: String
    var codec: String
    var width: Int
    var height: Int
    /// Frames that came out, damaged ones included.
    var frames = 0
    var damaged = 0
    /// Threads of the decoder.
    var threads: Int
    /// Seconds of each run, opening the file included.
    var seconds: [Double] = []
    /// The median of the runs.
    var framesPerSecond: Double
    var peakMemoryMiB: Double

    init(path: String, runs: Int, threads: Int, observe: (Int) -> Void) throws {
        var info: MediaInfo?
        for run in 1...max(runs, 1) {
            (frames, damaged) = (0, 0)
            let start = ContinuousClock.now
            let reader = try VideoReader(path: path, threads: threads)
            while let header = try reader.advance() {
                frames += 1
                if header.isDamaged { damaged += 1 }
            }
            damaged += reader.failureCount
            seconds.append((ContinuousClock.now - start) / .seconds(1))
            info = reader.info
            observe(run)
        }
        self.path = path
        self.threads = threads
        codec = info?.codec ?? ""
        (width, height) = (info?.codedSize.width ?? 0, info?.codedSize.height ?? 0)
        framesPerSecond = Double(frames) / max(seconds.sorted()[seconds.count / 2], 1e-9)
        peakMemoryMiB = SpeedMeasurement.peakMemory
    }

    /// Two lines for people.
    var text: String {
        let pace = String(
            format: "%.1f frames/s   %.1f megapixels/s   %.0f MiB peak", framesPerSecond,
            framesPerSecond * Double(width * height) / 1e6, peakMemoryMiB)
        let range = String(format: "%.3f-%.3f s", seconds.min() ?? 0, seconds.max() ?? 0)
        return """
            \(path), decode: \(frames) frames of \(width)x\(height) \(codec)\
            \(damaged > 0 ? ", \(damaged) damaged" : ""), \(threads) threads
              \(pace)   (\(seconds.count == 1 ? "one run" : "median of \(seconds.count) runs"), \(range))
            """
    }
}
