public import Media
public import Neural
public import SoraModel

/// Turns videos into segments with vectors, and into traces to align by: each frame goes through the network once.
///
/// Not for use from two threads at once.
public final class VideoAnalyzer {
    private let model: Model
    private let predictor: Predictor
    private let options: Segmenter.Options
    private let featureSize: Int
    /// Frames that are sent through the network together.
    private let batch: Int

    /// - Throws: `RetrievalError.request` if the options make no sense, `RetrievalError.model` for a model that is shown
    ///   motion, whose frames' vectors depend on the clip; `NeuralError` if the network cannot be planned.
    public init(_ model: Model, backend: OneDNNBackend, options: Segmenter.Options) throws {
        try options.validate()
        guard model.configuration.motion == nil else {
            throw RetrievalError(
                .model, "a model that is shown motion cannot index videos: take one that was trained without --motion")
        }
        self.model = model
        self.options = options
        predictor = try Predictor(model, backend: backend)
        featureSize = try model.network.featureSize()
        batch = max(predictor.chunk, 64 / predictor.chunk * predictor.chunk)
    }

    /// Numbers of a segment's vector.
    public var dimensions: Int { model.configuration.embeddingSize ?? model.configuration.temporal.outputSize }

    /// Decodes a video and looks at it.
    /// - Parameters:
    ///   - start: start of the part to look at, inclusive, counted from the first frame.
    ///   - end: end of it, exclusive.
    ///   - threads: of the decoder.
    /// - Throws: `MediaError` if it cannot be decoded. Memory does not grow with the video, but for what is kept of it.
    public func analyze(
        _ path: String, start: MediaTime? = nil, end: MediaTime? = nil, threads: Int = 2
    ) throws -> AnalyzedVideo {
        let info = try VideoReader(path: path, threads: 1).info
        var request = model.configuration.clip.specification.evaluationRequest(start: start, end: end)
        request.sampling = .rate(options.rate)
        let stream = FrameStream(path: path, request: request, capacity: batch, threads: threads)
        var pass = Pass(self)
        while let frame = try stream.next() { try pass.append(frame) }
        try pass.finish()
        guard pass.trace.count > 0 else {
            throw MediaError(
                .damaged, path: path, "no frame of the part asked for could be decoded",
                remedy: "Play the file to see whether it is damaged, or ask for another part.")
        }
        let whole = info.duration?.seconds ?? (pass.trace.times.last ?? 0) + 1 / options.rate
        return AnalyzedVideo(
            duration: whole, width: info.displaySize.width, height: info.displaySize.height,
            rate: info.averageRate.value, codec: info.codec, damagedCount: stream.damagedCount ?? 0,
            segments: pass.segments, trace: pass.trace)
    }

    /// One video on its way.
    private struct Pass {
        private let analyzer: VideoAnalyzer
        private var segmenter: Segmenter
        /// Frames that wait for the network.
        private var bytes: [UInt8] = []
        private var waiting = 0
        /// Segments that wait for their frames' vectors.
        private var cut: [Range<Int>] = []
        /// Vectors of the frames from `first` on.
        private var features: [Float] = []
        private var first = 0
        /// When each frame is shown, and the video's first one.
        private var times: [MediaTime] = []
        private(set) var segments: [Segment] = []
        private(set) var trace: FrameTrace

        init(_ analyzer: VideoAnalyzer) {
            self.analyzer = analyzer
            segmenter = Segmenter(analyzer.options)
            trace = FrameTrace(rate: analyzer.options.rate, dimensions: analyzer.featureSize)
        }

        mutating func append(_ frame: Frame) throws {
            times.append(frame.time)
            cut += segmenter.append(frame.bytes, height: frame.height, width: frame.width)
            bytes += frame.bytes
            waiting += 1
            if waiting == analyzer.batch { try compute() }
        }

        mutating func finish() throws {
            cut += segmenter.finish()
            try compute()
        }

        private mutating func compute() throws {
            guard waiting > 0 else { return }
            let size = analyzer.featureSize
            let found = try analyzer.predictor.features(bytes, count: waiting)
            for frame in 0..<waiting {
                let time = times[trace.count].seconds - times[0].seconds
                trace.append(found[frame * size..<(frame + 1) * size], at: time)
            }
            features += found
            (bytes, waiting) = ([], 0)
            let known = first + features.count / size
            let ready = cut.prefix { $0.upperBound <= known }
            try embed(Array(ready))
            cut.removeFirst(ready.count)
            // What no segment to come can hold is let go: they begin at the last shot's start at the earliest.
            let needed = min(cut.first?.lowerBound ?? known, known - min(known, Int(60 * analyzer.options.rate) + 1))
            if needed > first {
                features.removeFirst((needed - first) * size)
                first = needed
            }
        }

        private mutating func embed(_ ranges: [Range<Int>]) throws {
            guard !ranges.isEmpty else { return }
            let (size, count) = (analyzer.featureSize, analyzer.model.configuration.clip.frames)
            var clips: [Float] = []
            for range in ranges {
                for place in 0..<count {
                    let frame = range.lowerBound + (2 * place + 1) * range.count / (2 * count) - first
                    clips += features[frame * size..<(frame + 1) * size]
                }
            }
            let predictions = try analyzer.predictor.predict(features: clips, clips: ranges.count)
            for (range, prediction) in zip(ranges, predictions) {
                segments.append(
                    Segment(
                        start: times[range.lowerBound].since(times[0]), end: end(of: range),
                        vector: prediction.embedding))
            }
        }

        /// When the next frame begins, or would.
        private func end(of range: Range<Int>) -> MediaTime {
            guard range.upperBound < times.count else {
                let last = times[range.upperBound - 1].since(times[0]).seconds
                return MediaTime(seconds: last + 1 / analyzer.options.rate)
            }
            return times[range.upperBound].since(times[0])
        }
    }
}

extension MediaTime {
    /// The time from an earlier one to this, exactly where both count alike.
    fileprivate func since(_ other: MediaTime) -> MediaTime {
        let (difference, overflows) = value.subtractingReportingOverflow(other.value)
        guard timescale == other.timescale, !overflows else { return MediaTime(seconds: seconds - other.seconds) }
        return MediaTime(value: difference, timescale: timescale)
    }
}
