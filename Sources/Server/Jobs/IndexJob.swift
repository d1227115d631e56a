internal import Datasets
internal import Retrieval

/// Brings the index up to date with files of the library.
struct IndexJob: Sendable {
    let index: String
    let library: Library
    /// Files and folders, links resolved.
    let paths: [String]
    /// Whether to take out what is gone below them.
    let removesMissing: Bool

    func run(_ job: Jobs.Handle) throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        // Tools of its own: requests go on meanwhile.
        let desk = try AnalysisDesk(catalogue, longest: .infinity)
        let indexer = try Indexer(catalogue, desk.analyzer, fingerprint: catalogue.settings.fingerprint)
        // A link that leads out of the library is passed over.
        let files = try Manifest.videos(at: paths).filter(library.holds)
        job.change { $0.total = files.count }
        try indexer.add(files) { path, outcome in
            job.change { state in
                state.done += 1
                state.current = library.name(of: path)
                switch outcome {
                case .indexed, .moved: state.indexed += 1
                case .unchanged: state.unchanged += 1
                case .failed(let error): state.fail(library.name(of: path), Failure(error).message)
                }
            }
            return !job.isCancelled
        }
        guard removesMissing, !job.isCancelled else { return }
        let gone = try Indexer.removeMissing(from: catalogue, below: paths)
        job.change { $0.removed = gone.count }
    }
}
