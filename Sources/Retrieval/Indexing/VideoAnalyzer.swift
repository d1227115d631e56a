public import Media
public import Neural
public import SoraModel

/// Turns videos into segments with vectors, and into traces to align by.
///
/// A segment's vector has two halves of equal weight: the model's embedding of it as a clip, which knows what happens, and
/// the mean look of its frames. A look is the model's embedding of a clip in which nothing but one picture is seen, the mean of
/// what the network makes of it and of its mirror image, so that mirrored copies are found at no cost to the search. Of each
/// frame there are several looks (`FrameView`): of all of it, of it on its head, and of parts of it, which are what a cropped
/// copy shows. Black bars are cut off first. A frame that shows nothing, black or of one colour, has looks of zeros, which are
/// like nothing. Each frame goes through the network twice for each look.
///
/// Not for use from two threads at once.
public final class VideoAnalyzer {
    /// What videos are looked at for.
    public enum Purpose: Sendable {
        /// To be found: nine looks of each frame are kept.
        case collection
        /// To find others: fourteen, since it is done once and need not be kept.
        case query

        var views: [FrameView] { self == .collection ? FrameView.kept : FrameView.allCases }
    }

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

    /// The whole picture is seen, whatever its shape, since a copy may show any part of it; and larger than the network takes
    /// it, for the sake of the parts.
    private var size: FrameRequest.Resize {
        let specification = model.configuration.clip.specification
        return .exact(width: specification.width * 3 / 2, height: specification.height * 3 / 2)
    }

    /// Numbers of a segment's vector.
    public var dimensions: Int { 2 * lookSize }

    /// Numbers of a frame's look, and of a clip's embedding.
    var lookSize: Int { model.configuration.embeddingSize ?? model.configuration.temporal.outputSize }

    /// Clips that are sent through the recurrent part together: always as many, so that there is one plan.
    private static let clipBatch = 32

    /// The embeddings of clips, from the vectors of their frames, `[clip, frame, feature]`.
    private func embeddings(_ features: [Float], clips: Int) throws -> [[Float]] {
        let size = featureSize * model.configuration.clip.frames
        var found: [[Float]] = []
        for start in stride(from: 0, to: clips, by: Self.clipBatch) {
            let part = min(Self.clipBatch, clips - start)
            var batch = Array(features[start * size..<(start + part) * size])
            batch += [Float](repeating: 0, count: (Self.clipBatch - part) * size)
            found += try predictor.predict(features: batch, clips: Self.clipBatch).prefix(part).map(\.embedding)
        }
        return found
    }

    /// The looks of pictures, of length 1; of zeros where one shows nothing.
    /// - Parameters:
    ///   - pictures: bytes `[picture, height, width, 3]`.
    ///   - features: their vectors.
    private func looks(_ pictures: [UInt8], features: [Float], count: Int) throws -> [[Float]] {
        let specification = model.configuration.clip.specification
        let mirrored = FrameTurn.leftRight.turned(
            pictures, height: specification.height, width: specification.width)
        let means = zip(features, try predictor.features(mirrored, count: count)).map { ($0 + $1) / 2 }
        var clips: [Float] = []
        clips.reserveCapacity(means.count * model.configuration.clip.frames)
        for picture in 0..<count {
            let vector = means[picture * featureSize..<(picture + 1) * featureSize]
            for _ in 0..<model.configuration.clip.frames { clips += vector }
        }
        let size = pictures.count / max(count, 1)
        return try embeddings(clips, clips: count).enumerated().map { picture, embedding in
            FrameTurn.showsNothing(pictures[picture * size..<(picture + 1) * size])
                ? [Float](repeating: 0, count: embedding.count) : FrameRows.unit(embedding)
        }
    }

    /// Decodes a video and looks at it.
    /// - Parameters:
    ///   - purpose: what for.
    ///   - start: start of the part to look at, inclusive, counted from the first frame.
    ///   - end: end of it, exclusive.
    ///   - threads: of the decoder.
    ///   - check: called for each frame; what it throws ends the analysis.
    /// - Throws: `MediaError` if it cannot be decoded. Memory does not grow with the video, but for what is kept of it.
    public func analyze(
        _ path: String, for purpose: Purpose, start: MediaTime? = nil, end: MediaTime? = nil, threads: Int = 2,
        check: () throws -> Void = {}
    ) throws -> AnalyzedVideo {
        let info = try VideoReader(path: path, threads: 1).info
        let request = FrameRequest(
            sampling: .rate(options.rate), resize: size, damage: .hold, start: start, end: end, origin: .firstFrame)
        let stream = FrameStream(path: path, request: request, capacity: batch, threads: threads)
        var pass = Pass(self, purpose.views)
        while let frame = try stream.next() {
            try check()
            try pass.append(frame)
        }
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

    /// Looks at a still image, as at a video of one frame.
    /// - Throws: `MediaError` if it is none, or cannot be decoded.
    public func analyze(picture path: String, for purpose: Purpose) throws -> AnalyzedVideo {
        let frame = try VideoReader.picture(path, resize: size)
        var pass = Pass(self, purpose.views)
        try pass.append(frame)
        try pass.finish()
        return AnalyzedVideo(
            duration: 1 / options.rate, width: frame.width, height: frame.height, rate: options.rate, codec: "picture",
            damagedCount: frame.isDamaged ? 1 : 0, segments: pass.segments, trace: pass.trace)
    }

    /// One video on its way.
    private struct Pass {
        private let analyzer: VideoAnalyzer
        private let views: [FrameView]
        private var segmenter: Segmenter
        /// Frames that wait for the network, as each view shows them.
        private var bytes: [[UInt8]]
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

        init(_ analyzer: VideoAnalyzer, _ views: [FrameView]) {
            (self.analyzer, self.views) = (analyzer, views)
            segmenter = Segmenter(analyzer.options)
            bytes = views.map { _ in [] }
            trace = FrameTrace(
                rate: analyzer.options.rate, dimensions: analyzer.lookSize, views: views.count)
        }

        mutating func append(_ frame: Frame) throws {
            times.append(frame.time)
            let specification = analyzer.model.configuration.clip.specification
            let (height, width) = (specification.height, specification.width)
            let inside = FrameBars.inside(frame.bytes, height: frame.height, width: frame.width)
            let pixels = FramePixels(frame.bytes, height: frame.height, width: frame.width)
            for view in views {
                let picture = pixels.part(inside.part(view.box), height: height, width: width)
                if view == .whole { cut += segmenter.append(picture, height: height, width: width) }
                bytes[view.rawValue] +=
                    view == .upended ? FrameTurn.upDown.turned(picture, height: height, width: width) : picture
            }
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
            var looks: [[[Float]]] = []
            for (view, pictures) in bytes.enumerated() {
                let found = try analyzer.predictor.features(pictures, count: waiting)
                if view == FrameView.whole.rawValue { features += found }
                looks.append(try analyzer.looks(pictures, features: found, count: waiting))
            }
            for frame in 0..<waiting {
                trace.append(looks.map { $0[frame] }, at: times[trace.count].seconds - times[0].seconds)
            }
            (bytes, waiting) = (bytes.map { _ in [] }, 0)
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
            for (range, embedding) in zip(ranges, try analyzer.embeddings(clips, clips: ranges.count)) {
                let vector = (embedding + trace.meanLook(of: range)).map { $0 * Float(0.5).squareRoot() }
                segments.append(
                    Segment(start: times[range.lowerBound].since(times[0]), end: end(of: range), vector: vector))
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
