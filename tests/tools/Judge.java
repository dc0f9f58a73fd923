// Judges PDF files with the veraPDF library: Judge FLAVOURS FILE...   (FLAVOURS such as 3b,ua1)
// Prints one line for each file and flavour, then one for each rule that is broken. Exits with the number of failures.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

public class Judge {
    public static void main(String[] words) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        int failures = 0;
        for (String flavour : words[0].split(",")) {
            ValidationProfile rules = rulesOf(flavour);
            for (int place = 1; place < words.length; place++) {
                failures += judge(words[place], flavour, rules);
            }
        }
        System.exit(failures);
    }

    private static ValidationProfile rulesOf(String flavour) throws Exception {
        String name = flavour.startsWith("ua") ? "PDFUA-" + flavour.substring(2) : "PDFA-" + flavour.toUpperCase();
        String place = "/org/verapdf/pdfa/validation/" + name + ".xml";
        try (InputStream profile = ValidationProfile.class.getResourceAsStream(place)) {
            return Profiles.profileFromXml(profile);
        }
    }

    private static int judge(String file, String flavour, ValidationProfile rules) throws Exception {
        try (FileInputStream bytes = new FileInputStream(file);
                PDFAParser parser =
                        Foundries.defaultInstance().createParser(bytes, PDFAFlavour.fromString(flavour))) {
            ValidationResult result =
                    Foundries.defaultInstance().createValidator(rules, -1, false, false, false).validate(parser);
            String verdict = result.isCompliant() ? "PASS" : "FAIL";
            System.out.println(verdict + " " + flavour + " " + file + " " + result.getTotalAssertions() + " checks");
            Map<String, Integer> broken = new TreeMap<>();
            for (TestAssertion check : result.getTestAssertions()) {
                if (check.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = check.getRuleId().getClause() + "-" + check.getRuleId().getTestNumber();
                    broken.merge(rule + " " + check.getMessage().replaceAll("\\s+", " "), 1, Integer::sum);
                }
            }
            broken.forEach((rule, times) -> System.out.println("  " + times + " x " + rule));
            return result.isCompliant() ? 0 : 1;
        }
    }
}
