param appName string
param clientId string

@description('Object IDs of users.')
param users string[]

@description('Object IDs of groups.')
param groups string[]

resource site 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName
}

// App Service lets the whole tenant in where both lists are empty. An object ID that nobody has keeps everybody out.
var nobody = '00000000-0000-0000-0000-000000000000'

resource auth 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true }
    globalValidation: {
      // Keys, probes and events have no session: the app itself refuses who is neither signed in nor has a key.
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          // Not a secret: the name means "sign with the managed identity".
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
        }
        validation: {
          allowedAudiences: ['api://${clientId}', clientId]
          defaultAuthorizationPolicy: {
            allowedApplications: [clientId]
            allowedPrincipals: {
              identities: empty(users) && empty(groups) ? [nobody] : users
              groups: groups
            }
          }
        }
      }
    }
    login: {
      // Links of cards have the finding in the fragment.
      preserveUrlFragmentsForLogins: true
      tokenStore: { enabled: false }
      cookieExpiration: {
        convention: 'FixedTime'
        timeToExpiration: '08:00:00'
      }
    }
    httpSettings: { requireHttps: true }
  }
}
