import ArgumentParser

struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a folder of videos searchable, and keep it so.",
        discussion: """
            An index is a folder: a catalogue of videos with their segments, exact times and vectors, and what makes them fast \
            to search. Files that have not changed since are passed over; a run that was stopped goes on where it was.

            Example:
              sora index add films videos/
              sora index sync films
              sora search films --clip part.mp4
            """,
        subcommands: [
            IndexAdd.self, IndexSync.self, IndexInfo.self, IndexCheckCommand.self, IndexRebuild.self, IndexReembed.self,
        ])
}

/// What became of the files, counted.
struct IndexTally {
    var indexed = 0
    var unchanged = 0
    var moved = 0
    var removed = 0
    var failed = 0
    var segments = 0

    var text: String {
        var parts: [String] = []
        if indexed > 0 { parts.append("\(counted(indexed, "video")) indexed in \(counted(segments, "segment"))") }
        if unchanged > 0 { parts.append("\(unchanged) unchanged") }
        if moved > 0 { parts.append("\(moved) moved") }
        if removed > 0 { parts.append("\(removed) gone") }
        if failed > 0 { parts.append("\(failed) failed") }
        return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
    }
}
