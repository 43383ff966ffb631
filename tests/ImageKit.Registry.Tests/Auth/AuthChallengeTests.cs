namespace ImageKit.Registry.Tests;

internal sealed class AuthChallengeTests
{
    [TestCase("Basic realm=\"x\"", "Basic[realm=x]", TestName = "Basic with a realm")]
    [TestCase("Basic", "Basic[]", TestName = "A scheme alone")]
    [TestCase("Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:a/b:pull,push\"",
        "Bearer[realm=https://a/t;scope=repository:a/b:pull,push;service=s]", TestName = "A comma inside a quoted string separates nothing")]
    [TestCase("Bearer realm=\"https://a/t\", Basic realm=\"b\"", "Bearer[realm=https://a/t] Basic[realm=b]", TestName = "Two challenges in one value")]
    [TestCase("Negotiate, Basic realm=b", "Negotiate[] Basic[realm=b]", TestName = "A bare scheme before another challenge")]
    [TestCase("Negotiate YII+/=, Bearer realm=\"r\"", "Negotiate(YII+/=) Bearer[realm=r]", TestName = "A value of token68 form")]
    [TestCase("bearer REALM=\"r\" , Service = s", "bearer[realm=r;service=s]", TestName = "Blanks around signs, names without regard to case")]
    [TestCase("Basic realm=\"a \\\"quoted\\\" word\"", "Basic[realm=a \"quoted\" word]", TestName = "Quotes inside a quoted string")]
    [TestCase("Bearer realm=\"open", "Bearer[]", TestName = "A string without its end is not believed")]
    [TestCase("Bearer service=\"s\",realm=\"open\\", "Bearer[service=s]", TestName = "An escape without a character behind it")]
    [TestCase("Bearer realm=\"r\",empty=\"\",service=\"s\"", "Bearer[empty=;realm=r;service=s]", TestName = "An empty value is a value")]
    [TestCase("Bearer realm=\"https://a/t\",other=fun,slashed=\"he\\\"\\l\\lo\"", "Bearer[other=fun;realm=https://a/t;slashed=he\"llo]", TestName = "Escaped characters that need no escape")]
    [TestCase("BaSiC ReAlM=\"Case\"", "BaSiC[realm=Case]", TestName = "Capitals in all the wrong places")]
    [TestCase("Basic realm=/", "Basic[realm=/]", TestName = "A bare value beyond the grammar")]
    [TestCase("bearer realm=\"r\"  ,   service=\"s\"   ,  key1=value1  ,  key2=value2  ", "bearer[key1=value1;key2=value2;realm=r;service=s]", TestName = "Blanks everywhere")]
    [TestCase("Bearer realm=\"r\",scope=\"repository:a:pull,push repository:b:pull\",error=\"insufficient_scope\"",
        "Bearer[error=insufficient_scope;realm=r;scope=repository:a:pull,push repository:b:pull]", TestName = "Several scopes in one value")]
    [TestCase("Digest qop=\"auth\",algorithm=MD5-sess,stale=false, Digest qop=\"auth\",algorithm=MD5", "Digest[algorithm=MD5-sess;qop=auth;stale=false] Digest[algorithm=MD5;qop=auth]", TestName = "One scheme twice")]
    [TestCase("Bearer realm=\"a\",realm=\"b\"", "Bearer[realm=a]", TestName = "Of a name written twice the first counts")]
    [TestCase("Bearer realm=\"a\" service=\"s\"", "Bearer[realm=a;service=s]", TestName = "Parameters without a comma between them")]
    [TestCase("Basic realm=\"Sonatype Nexus Repository Manager\",Bearer realm=\"https://a/t\"", "Basic[realm=Sonatype Nexus Repository Manager] Bearer[realm=https://a/t]", TestName = "A challenge right behind a comma")]
    [TestCase("Unknown realm=\"example\"", "Unknown[realm=example]", TestName = "A scheme nobody knows")]
    [TestCase("Bearer realm=https://a/t?x=1,service=s", "Bearer[realm=https://a/t?x=1;service=s]", TestName = "A URL without quotes")]
    [TestCase(", ,", "", TestName = "Nothing but commas")]
    [TestCase("", "", TestName = "Nothing")]
    public void Parses(string header, string expected) =>
        Assert.That(string.Join(' ', AuthChallenge.ParseAll(header).Select(Text)), Is.EqualTo(expected));

    private static string Text(AuthChallenge challenge) => challenge.Token68 is { } single ? $"{challenge.Scheme}({single})"
        : $"{challenge.Scheme}[{string.Join(';', challenge.Parameters.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => $"{pair.Key.ToLowerInvariant()}={pair.Value}"))}]";
}
