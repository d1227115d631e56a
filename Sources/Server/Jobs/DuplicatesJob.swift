internal import Retrieval

/// Finds copies in the index.
struct DuplicatesJob: Sendable {
    let index: String
    let library: Library
    let probability: Double
    let coverage: Double

    private struct Cancelled: Error {}

    func run(_ job: Jobs.Handle) throws {
        let index = try SearchIndex(opening: index)
        let count = try index.catalogue.videoCount()
        job.change { $0.total = count }
        do {
            let groups = try DuplicateSearch(index).groups(probability: probability, coverage: coverage) { video in
                guard !job.isCancelled else { throw Cancelled() }
                job.change { state in
                    state.done += 1
                    state.current = library.name(of: video.path)
                }
            }
            let answers = groups.map { group in
                Job.Group(
                    keep: VideoAnswer(group.videos[0], library),
                    copies: group.comparisons.map { comparison in
                        Job.Group.Copy(
                            video: VideoAnswer(comparison.video, library), probability: comparison.probability,
                            kept: [comparison.kept.lowerBound, comparison.kept.upperBound],
                            own: [comparison.own.lowerBound, comparison.own.upperBound],
                            differences: comparison.differences(name: library.name))
                    })
            }
            job.change { $0.groups = answers }
        } catch is Cancelled {}
    }
}
