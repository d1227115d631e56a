internal import Retrieval

/// Fits the classifier of the labels that were given, and spreads them.
struct TrainJob: Sendable {
    let index: String
    let above: Double

    func run(_ job: Jobs.Handle) throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        let tagger = try Tagger(catalogue)
        let spread = try tagger.spread(over: catalogue, above: above)
        let labels = tagger.names.indices.map {
            Job.Spread(label: tagger.names[$0], given: tagger.counts[$0], spread: spread[$0])
        }
        job.change { ($0.labels, $0.accuracy) = (labels, tagger.accuracy) }
    }
}
