import ArgumentParser

/// Numbers of segments with commas between.
struct SegmentList: ExpressibleByArgument {
    var numbers: [Int64]

    init(numbers: [Int64]) { self.numbers = numbers }

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int64($0) }
        guard !numbers.contains(nil) else { return nil }
        self.numbers = numbers.compactMap(\.self)
    }

    var defaultValueDescription: String { numbers.isEmpty ? "none" : numbers.map(String.init).joined(separator: ",") }
}
