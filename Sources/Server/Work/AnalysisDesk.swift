internal import HTTPTypes
internal import Media
internal import Neural
internal import Retrieval
internal import SoraModel

/// The model, for what clients send. For one thread.
final class AnalysisDesk {
    let model: Model
    let analyzer: VideoAnalyzer
    private let predictor: Predictor?
    /// Seconds that a query may last.
    private let longest: Double

    /// - Throws: `RetrievalError.model` if the index is another model's.
    init(_ catalogue: Catalogue, longest: Double) throws {
        let settings = catalogue.settings
        model = try settings.model == DefaultModel.name ? DefaultModel.model() : Model(reading: settings.model)
        guard try model.fingerprint == settings.fingerprint else {
            throw RetrievalError(
                .model,
                "\(catalogue.path): it holds vectors of another model than \(settings.model) is now: 'sora index reembed' makes "
                    + "them anew")
        }
        let backend = OneDNNBackend(precision: .automatic, choice: .measuredOnce, quantization: model.quantization)
        analyzer = try VideoAnalyzer(model, backend: backend, options: settings.cutting)
        let hasLabels =
            model.shelf.isHeadTrained && settings.model != DefaultModel.name && !model.configuration.labels.isEmpty
        predictor = hasLabels ? try Predictor(model, backend: backend) : nil
        self.longest = longest
    }

    /// Looks at a file, or a part of it.
    /// - Throws: `Failure` for one that lasts too long, and what decoding throws.
    func analyze(_ path: String, from start: Double?, to end: Double?, _ deadline: Deadline) throws -> AnalyzedVideo {
        let duration: Double
        do { duration = try VideoReader(path: path, threads: 1).info.duration?.seconds ?? 0 } catch let error
            as MediaError
        {
            // A still image, perhaps; of what is neither, the first error says more.
            guard error.code == .noVideo, let picture = try? analyzer.analyze(picture: path, for: .query) else {
                throw error
            }
            return picture
        }
        let length = min(end ?? duration, duration) - (start ?? 0)
        guard length <= longest else {
            throw Failure(
                .unprocessableContent,
                "the query lasts \(Int(length)) s, and may last \(Int(longest)) s: ask for a part of it with from and to"
            )
        }
        return try analyzer.analyze(
            path, for: .query, start: start.map(MediaTime.init(seconds:)), end: end.map(MediaTime.init(seconds:)),
            check: deadline.check)
    }

    /// The model's own labels for a file, the likeliest first; nil where it was not trained to tell any.
    func classes(_ path: String, from start: Double?, to end: Double?) throws -> [(label: String, probability: Double)]?
    {
        guard let predictor else { return nil }
        var files = FilePredictor(predictor, format: model.configuration.clip)
        (files.start, files.end) = (start.map(MediaTime.init(seconds:)), end.map(MediaTime.init(seconds:)))
        var result: [(String, Double)] = []
        try files.predict([path]) { _, outcome in
            result = zip(model.configuration.labels, try outcome.get().prediction.probabilities).map {
                ($0, Double($1))
            }
        }
        return result.sorted { $0.1 > $1.1 }
    }
}
