import ArgumentParser
import Foundation
import Retrieval

/// Which moments may be found.
struct FilterOptions: ParsableArguments {
    @Option(help: "Only in videos whose path holds this.")
    var path: String?

    @Option(help: "Only in videos of so many seconds at least.")
    var shortest: Double?

    @Option(help: "Only in videos of so many seconds at most.")
    var longest: Double?

    @Option(help: ArgumentHelp("Only in files that have not changed before this day.", valueName: "yyyy-mm-dd"))
    var since: Day?

    @Option(help: ArgumentHelp("Only in files that have not changed from this day on.", valueName: "yyyy-mm-dd"))
    var until: Day?

    @Option(help: "Only what has this label.")
    var labelled: String?

    /// The beginning of a day, where the computer is.
    struct Day: ExpressibleByArgument {
        var date: Date

        init?(argument: String) {
            let strategy = Date.ISO8601FormatStyle(timeZone: .current).year().month().day()
            guard let date = try? strategy.parse(argument) else { return nil }
            self.date = date
        }
    }

    func validate() throws {
        try Bounds.check("--shortest", shortest, 0...1e9, "seconds")
        try Bounds.check("--longest", longest, 0...1e9, "seconds")
    }

    var filter: MomentFilter {
        var filter = MomentFilter()
        (filter.path, filter.shortest, filter.longest, filter.label) = (path, shortest, longest, labelled)
        (filter.since, filter.until) = (since?.date, until?.date)
        return filter
    }
}
