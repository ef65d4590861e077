package reconciler.patch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/// The regions of the vendor's cloud and their domains.
final class Regions {
    private static final Map<String, String> DOMAINS = domains();

    private Regions() {}

    /// @param region its name (`us_east_1`, `us-east-1`) or its domain (`mypurecloud.com`)
    static String domain(String variable, String region) {
        String name = region.toLowerCase(Locale.ROOT).replace('-', '_');
        String domain = DOMAINS.get(name);
        if (domain != null) {
            return domain;
        }
        if (DOMAINS.containsValue(region.toLowerCase(Locale.ROOT))) {
            return region.toLowerCase(Locale.ROOT);
        }
        List<String> near = near(name);
        throw new InvalidSetting(
                variable,
                "is \"" + region + "\", which is no region",
                (near.isEmpty() ? "" : "did you mean " + String.join(" or ", near) + "? ")
                        + "Regions are "
                        + names());
    }

    static String names() {
        return String.join(", ", DOMAINS.keySet());
    }

    private static List<String> near(String name) {
        Predicate<String> close =
                known -> distance(name, known) <= 2 || (name.length() > 3 && known.contains(name));
        return DOMAINS.keySet().stream().filter(close).limit(3).toList();
    }

    /// How many letters have to be typed, removed or replaced to get from one to the other.
    private static int distance(String from, String to) {
        List<Integer> above = new ArrayList<>();
        for (int j = 0; j <= to.length(); j++) {
            above.add(j);
        }
        for (int i = 1; i <= from.length(); i++) {
            List<Integer> row = new ArrayList<>(List.of(i));
            for (int j = 1; j <= to.length(); j++) {
                int replaced = above.get(j - 1) + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row.add(Math.min(replaced, 1 + Math.min(above.get(j), row.get(j - 1))));
            }
            above = row;
        }
        return above.getLast();
    }

    private static Map<String, String> domains() {
        var domains = new LinkedHashMap<String, String>();
        domains.put("us_east_1", "mypurecloud.com");
        domains.put("us_east_2", "use2.us-gov-pure.cloud");
        domains.put("us_west_2", "usw2.pure.cloud");
        domains.put("ca_central_1", "cac1.pure.cloud");
        domains.put("mx_central_1", "mxc1.pure.cloud");
        domains.put("sa_east_1", "sae1.pure.cloud");
        domains.put("eu_west_1", "mypurecloud.ie");
        domains.put("eu_west_2", "euw2.pure.cloud");
        domains.put("eu_central_1", "mypurecloud.de");
        domains.put("eu_central_2", "euc2.pure.cloud");
        domains.put("eusc_de_east_1", "edee1.eusc-pure.cloud");
        domains.put("me_central_1", "mec1.pure.cloud");
        domains.put("ap_south_1", "aps1.pure.cloud");
        domains.put("ap_southeast_1", "apse1.pure.cloud");
        domains.put("ap_southeast_2", "mypurecloud.com.au");
        domains.put("ap_northeast_1", "mypurecloud.jp");
        domains.put("ap_northeast_2", "apne2.pure.cloud");
        domains.put("ap_northeast_3", "apne3.pure.cloud");
        return Collections.unmodifiableMap(domains);
    }
}
