internal import HTTPTypes
internal import Retrieval

/// What all routes work with.
struct Services: Sendable {
    let options: ServerOptions
    let library: Library
    let uploads: Uploads
    let jobs: Jobs
    let metrics: Metrics
    /// Searches of what is indexed, which take milliseconds: few may wait, so that none waits long.
    let searches: WorkLane<SearchDesk>
    /// What the catalogue alone can answer.
    let lookups: WorkLane<Catalogue>
    /// The network, for what clients send.
    let analyses: WorkLane<AnalysisDesk>
    /// Pictures and films.
    let pictures: WorkLane<Pictures>

    /// - Throws: `ServerError`, or `RetrievalError` if the index cannot be opened or is another model's.
    init(_ options: ServerOptions) throws {
        self.options = options
        library = try Library(options.library)
        let desk = try SearchDesk(folder: options.index)
        let analysis = try AnalysisDesk(desk.catalogue, longest: options.queryLength)
        uploads = try Uploads(limit: options.uploadLimit)
        jobs = Jobs()
        metrics = Metrics()
        // Searches take milliseconds, and whoever asks is at the keyboard: better told at once to come again than kept waiting.
        // One thread, for two would wait for each other whenever something else has the second processor.
        searches = WorkLane("search", desk, room: max(1, options.waiting / 8), seconds: options.patience) {
            FAISSIndex.setThreads(1)
        }
        lookups = WorkLane("lookups", desk.catalogue, room: 8 * options.waiting, seconds: options.patience)
        analyses = WorkLane(
            "analysis", analysis, room: options.waiting, seconds: options.patience, isPatient: true)
        pictures = WorkLane(
            "pictures", Pictures(), room: 8 * options.waiting, seconds: options.patience)
    }

    /// A video of the index whose file may be given out.
    /// - Throws: `Failure` if there is none.
    func video(_ id: Int64) async throws -> IndexedVideo {
        let found = try await lookups.run { catalogue, _ in try catalogue.video(id) }
        guard let video = found else { throw Failure(.notFound, "there is no video \(id)") }
        return video
    }

    /// Its file.
    /// - Throws: `Failure` if it lies outside the library.
    func file(of video: IndexedVideo) throws -> String {
        guard library.holds(video.path) else { throw Failure(.forbidden, "the video is not in the library") }
        return video.path
    }
}
