import ArgumentParser

/// Values to try for a setting, as written on a command line: `C=1,10,100`.
struct GridOption: ExpressibleByArgument {
    var name: String
    var values: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        let numbers = parts[1].split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let values = numbers.compactMap { $0 }
        guard values.count == numbers.count, !values.isEmpty, values.count <= 100 else { return nil }
        (name, self.values) = (String(parts[0]), values)
    }
}
